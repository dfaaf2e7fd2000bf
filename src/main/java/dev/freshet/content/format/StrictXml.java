package dev.freshet.content.format;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Parses well-formed XML without a document type declaration. Namespaces are left to the tree. */
final class StrictXml extends DefaultHandler {

    private static final String MAX_ATTRIBUTES = "200";

    private final XmlTreeBuilder tree;
    private final StringBuilder text = new StringBuilder();

    private StrictXml(XmlTreeBuilder tree) {
        this.tree = tree;
    }

    /** @throws SAXException if the text is not well-formed */
    static void parse(String text, XmlTreeBuilder tree) throws SAXException {
        try {
            var parser = SAXParserFactory.newInstance().newSAXParser();
            var reader = parser.getXMLReader();
            reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            reader.setFeature("http://xml.org/sax/features/external-general-entities", false);
            reader.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            reader.setFeature("http://xml.org/sax/features/namespaces", false);
            reader.setFeature("http://xml.org/sax/features/namespace-prefixes", true);
            // The JDK counts characters such as &lt; as entities and stops at 100,000: about 2 MB of HTML in a feed.
            // Without a DOCTYPE there are no other entities, and the document's size has its own limit.
            parser.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
            parser.setProperty("jdk.xml.totalEntitySizeLimit", "0");
            parser.setProperty("jdk.xml.maxElementDepth", String.valueOf(XmlTreeBuilder.MAX_DEPTH));
            parser.setProperty("jdk.xml.elementAttributeLimit", MAX_ATTRIBUTES);
            parser.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            parser.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            parser.parse(new InputSource(new StringReader(text)), new StrictXml(tree));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
        endText();
        tree.start(name, each -> {
            for (var i = 0; i < attributes.getLength(); i++) {
                each.accept(attributes.getQName(i), attributes.getValue(i));
            }
        });
    }

    @Override
    public void endElement(String uri, String localName, String name) {
        endText();
        tree.end();
    }

    @Override
    public void characters(char[] characters, int start, int length) {
        text.append(characters, start, length);
    }

    private void endText() {
        tree.text(text.toString());
        text.setLength(0);
    }

    /** Faults are reported by the caller, not on the standard error stream. */
    @Override
    public void fatalError(SAXParseException fault) throws SAXParseException {
        throw fault;
    }
}
