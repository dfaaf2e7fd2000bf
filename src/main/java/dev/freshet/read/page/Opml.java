package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.platform.http.Representation;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;

/** A list of feeds for feed readers (OPML 2.0). */
final class Opml {

    private static final XMLOutputFactory XML = XMLOutputFactory.newDefaultFactory();

    private Opml() {}

    /**
     * A feed.
     *
     * @param xmlUrl its address for feed readers
     * @param htmlUrl the address of its page
     */
    record Outline(String text, String xmlUrl, String htmlUrl) {}

    /** Returns the outline of a public feed, with its address in Atom. */
    static Outline outline(String origin, String text, Feed feed) {
        return new Outline(
                text, origin + PageQuery.first(Representation.ATOM, feed).address(), origin + feed.readerPath());
    }

    /** Returns the document in UTF-8. */
    static byte[] write(String title, List<Outline> outlines) {
        var text = new StringWriter();
        try {
            var writer = XML.createXMLStreamWriter(text);
            writer.writeStartDocument("UTF-8", "1.0");
            writer.writeStartElement("opml");
            writer.writeAttribute("version", "2.0");
            writer.writeStartElement("head");
            writer.writeStartElement("title");
            writer.writeCharacters(title);
            writer.writeEndElement();
            writer.writeEndElement();
            writer.writeStartElement("body");
            for (var outline : outlines) {
                writer.writeEmptyElement("outline");
                writer.writeAttribute("text", XmlText.of(outline.text()));
                writer.writeAttribute("type", "rss");
                writer.writeAttribute("xmlUrl", outline.xmlUrl());
                writer.writeAttribute("htmlUrl", outline.htmlUrl());
            }
            writer.writeEndDocument();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
