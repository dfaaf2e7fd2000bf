package dev.freshet.read.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.FeedTitle;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes the directory of feeds as JSON, or as OPML 2.0 for feed readers. */
@Component
final class DirectoryRenderer {

    private final JsonMapper json;
    private final XMLOutputFactory xml = XMLOutputFactory.newDefaultFactory();

    DirectoryRenderer(JsonMapper json) {
        this.json = json;
    }

    /**
     * The directory as JSON.
     *
     * @param next the address of the next part
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Body(List<Item> items, Cursor cursor, @Nullable String next) {}

    /**
     * A feed.
     *
     * @param href the address of its first page
     */
    record Item(FeedKind kind, String name, long articles, Instant changedAt, String href) {}

    byte[] render(DirectoryQuery query, DirectoryPart part) {
        return query.representation() == Representation.OPML
                ? opml(query, part)
                : json.writeValueAsBytes(new Body(
                        part.entries().stream().map(DirectoryRenderer::item).toList(),
                        part.cursor(),
                        part.next(query)));
    }

    private static Item item(DirectoryEntry entry) {
        return new Item(entry.kind(), entry.name(), entry.articles(), entry.changedAt(), entry.href());
    }

    private byte[] opml(DirectoryQuery query, DirectoryPart part) {
        var text = new StringWriter();
        try {
            var writer = xml.createXMLStreamWriter(text);
            writer.writeStartDocument("UTF-8", "1.0");
            writer.writeStartElement("opml");
            writer.writeAttribute("version", "2.0");
            writer.writeStartElement("head");
            writer.writeStartElement("title");
            writer.writeCharacters("Feeds of " + query.origin());
            writer.writeEndElement();
            writer.writeEndElement();
            writer.writeStartElement("body");
            for (var entry : part.entries()) {
                outline(writer, query.origin(), entry);
            }
            writer.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void outline(XMLStreamWriter writer, String origin, DirectoryEntry entry) throws XMLStreamException {
        var feed = entry.feed();
        writer.writeEmptyElement("outline");
        writer.writeAttribute("text", XmlText.of(FeedTitle.of(feed, (kind, key) -> entry.name())));
        writer.writeAttribute("type", "rss");
        writer.writeAttribute(
                "xmlUrl", origin + PageQuery.first(Representation.ATOM, feed).address());
        writer.writeAttribute("htmlUrl", origin + feed.readerPath());
    }
}
