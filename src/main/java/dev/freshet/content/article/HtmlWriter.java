package dev.freshet.content.article;

import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.TextNode;

/** Writes HTML so that browsers and jsoup parse the same text from it again. */
public final class HtmlWriter {

    private static final Pattern LEADING_NEWLINES = Pattern.compile("^\\n+");
    // A character of the private use area, which replaces a newline until the document is written.
    private static final String NEWLINE = "\uF8FE";

    private HtmlWriter() {}

    /** Returns the content of the body. It keeps the white space of {@code pre}. Changes the document. */
    public static String body(Document document) {
        document.outputSettings().prettyPrint(false);
        keepLeadingNewlines(document);
        return document.body().html().replace("\r", "&#13;").replace(NEWLINE, "&#10;");
    }

    /** Parsers drop a newline after {@code <pre>}, so one is added, and the following are written as references. */
    private static void keepLeadingNewlines(Document document) {
        for (var pre : document.getElementsByTag("pre")) {
            if (pre.childNodeSize() > 0 && pre.childNode(0) instanceof TextNode text) {
                var whole = text.getWholeText();
                var newlines = LEADING_NEWLINES.matcher(whole);
                if (newlines.find()) {
                    text.text("\n" + newlines.group().replace("\n", NEWLINE) + whole.substring(newlines.end()));
                }
            }
        }
    }
}
