package dev.freshet.content.source;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes sources as OPML 2.0. Their tags become categories, and folders where a category can't have the same text. */
final class OpmlWriter {

    private static final Predicate<String> IS_FOLDER = tag -> tag.contains(",") || tag.startsWith("/");

    private OpmlWriter() {}

    static byte[] write(List<SourceView> sources) {
        var text = new StringWriter();
        try {
            var writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            writer.writeStartDocument("UTF-8", "1.0");
            writer.writeStartElement("opml");
            writer.writeAttribute("version", "2.0");
            writer.writeStartElement("head");
            writer.writeStartElement("title");
            writer.writeCharacters("Sources");
            writer.writeEndElement();
            writer.writeEndElement();
            writer.writeStartElement("body");
            for (var source : sources) {
                write(writer, source);
            }
            writer.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(XMLStreamWriter writer, SourceView source) throws XMLStreamException {
        var folders = source.tags().stream().filter(IS_FOLDER).toList();
        for (var folder : folders) {
            writer.writeStartElement("outline");
            writer.writeAttribute("text", folder);
        }
        writer.writeEmptyElement("outline");
        writer.writeAttribute("type", "rss");
        writer.writeAttribute("text", source.name());
        writer.writeAttribute("title", source.name());
        var feed = source.feed();
        writer.writeAttribute("xmlUrl", (feed == null ? source.url() : feed).toString());
        if (feed != null && !feed.equals(source.url())) {
            writer.writeAttribute("htmlUrl", source.url().toString());
        }
        var categories = source.tags().stream().filter(IS_FOLDER.negate()).collect(Collectors.joining(","));
        if (!categories.isEmpty()) {
            writer.writeAttribute("category", categories);
        }
        for (var i = 0; i < folders.size(); i++) {
            writer.writeEndElement();
        }
    }
}
