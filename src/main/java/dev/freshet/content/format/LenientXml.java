package dev.freshet.content.format;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;

/** Parses what is almost XML, as feed readers do: bare ampersands, HTML entities, control characters, missing ends. */
final class LenientXml implements NodeVisitor {

    private static final Pattern AMPERSAND =
            Pattern.compile("&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)");
    private static final String CDATA = "<![CDATA[";
    private static final String CDATA_END = "]]>";

    private final XmlTreeBuilder tree;

    private LenientXml(XmlTreeBuilder tree) {
        this.tree = tree;
    }

    static void parse(String text, XmlTreeBuilder tree) {
        limitTags(text);
        var readable = outsideCdata(
                XmlTreeBuilder.FORBIDDEN.matcher(text).replaceAll(""),
                part -> AMPERSAND.matcher(part).replaceAll("&amp;"));
        var parser = Parser.xmlParser().setMaxDepth(XmlTreeBuilder.MAX_DEPTH);
        var document = Jsoup.parse(readable, "", parser);
        // The document itself is the root, since text before the feed may have elements.
        document.traverse(new LenientXml(tree));
    }

    /** Changes the parts of a document that are not in CDATA sections. */
    static String outsideCdata(String text, UnaryOperator<String> change) {
        var changed = new StringBuilder(text.length());
        var at = 0;
        while (true) {
            var start = text.indexOf(CDATA, at);
            var end = start < 0 ? -1 : text.indexOf(CDATA_END, start);
            if (end < 0) {
                return changed.append(change.apply(text.substring(at))).toString();
            }
            changed.append(change.apply(text.substring(at, start))).append(text, start, end + CDATA_END.length());
            at = end + CDATA_END.length();
        }
    }

    /** Rejects a document that would take far more memory than its size, before it is parsed. */
    private static void limitTags(String text) {
        var elements = 0;
        var attributes = 0;
        var isInTag = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '<' && text.startsWith(CDATA, i)) {
                var end = text.indexOf(CDATA_END, i);
                i = end < 0 ? text.length() : end;
            } else if (c == '<') {
                isInTag = true;
                elements += text.startsWith("</", i) ? 0 : 1;
            } else if (c == '>') {
                isInTag = false;
            } else if (isInTag && (c == '=' || c <= ' ')) {
                attributes++;
            }
            // An attribute usually has both a space and an equals sign.
            if (elements + attributes / 2 > XmlTreeBuilder.MAX_NODES) {
                throw new XmlTreeBuilder.TooManyNodesException();
            }
        }
    }

    @Override
    public void head(Node node, int depth) {
        switch (node) {
            case Element element ->
                tree.start(
                        element.tagName(),
                        each -> element.attributes()
                                .forEach(attribute -> each.accept(attribute.getKey(), attribute.getValue())));
            case TextNode text -> tree.text(text.getWholeText());
            default -> {
                // Comments and instructions.
            }
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (node instanceof Element) {
            tree.end();
        }
    }
}
