package dev.freshet.content.format;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Parses XML strictly, and again leniently if it is not well-formed. */
final class XmlParser {

    /** The start of the JDK's messages about limits, such as JAXP00010006 for depth. */
    private static final String LIMIT_FAULT = "JAXP000100";

    private static final String ADVICE = " Send an Atom or RSS 2.0 document.";

    private XmlParser() {}

    /**
     * A parsed document.
     *
     * @param repairs the faults that were repaired
     */
    record Parsed(XmlNode.Element root, List<String> repairs) {}

    /**
     * @param charset the charset of the Content-Type; null if absent
     * @param base the address of the document; empty if unknown
     */
    static Parsed parse(byte[] document, @Nullable Charset charset, String base) {
        var decoded = FeedDecoder.decode(document, charset);
        var repairs = new ArrayList<String>();
        if (decoded.repair() != null) {
            repairs.add(decoded.repair());
        }
        try {
            var tree = tree(decoded.text(), base, repairs);
            if (!tree.undeclared().isEmpty()) {
                repairs.add("it does not declare the prefixes " + String.join(", ", tree.undeclared()));
            }
            var root = tree.root();
            if (root == null) {
                throw invalid("it has no elements");
            }
            return new Parsed(root, repairs);
        } catch (XmlTreeBuilder.TooManyNodesException e) {
            throw invalid(String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw invalid("it is nested too deeply");
        }
    }

    private static XmlTreeBuilder tree(String text, String base, List<String> repairs) {
        var declarations = DocumentType.of(text);
        try {
            if (declarations != null) {
                repairs.add("it has a document type declaration, which was ignored");
                var tree = new XmlTreeBuilder(base);
                StrictXml.parse(declarations.removeFrom(text), tree);
                return tree;
            }
            var tree = new XmlTreeBuilder(base);
            StrictXml.parse(text, tree);
            return tree;
        } catch (SAXException e) {
            if (String.valueOf(e.getMessage()).contains(LIMIT_FAULT)) {
                throw invalid("it is nested too deeply, or has an element with too many attributes");
            }
            repairs.add("it is not well-formed: " + place(e));
            var tree = new XmlTreeBuilder(base);
            LenientXml.parse(declarations == null ? text : declarations.removeFrom(text), tree);
            return tree;
        }
    }

    private static String place(SAXException e) {
        var message = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
        return e instanceof SAXParseException parse
                ? "line " + parse.getLineNumber() + ", column " + parse.getColumnNumber() + ": " + message
                : message;
    }

    static ProblemException invalid(String fault) {
        return Problem.INVALID_REQUEST.because("The document is invalid: " + fault + "." + ADVICE);
    }
}
