package dev.freshet.content.intake;

import com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter;
import com.vladsch.flexmark.util.data.DataHolder;
import com.vladsch.flexmark.util.data.MutableDataSet;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.parser.Parser;

/** Turns the HTML of feeds into Markdown that renders to the same text. */
final class HtmlToMarkdown {

    private static final FlexmarkHtmlConverter CONVERTER =
            FlexmarkHtmlConverter.builder(options()).build();

    // Far more than any article has. What has more is an attack on the converter's time, or no text to speak of.
    private static final int MOST_ELEMENTS = 20_000;
    private static final int DEEPEST = 100;
    // Half a surrogate pair, or a character that no text may have; HTML has another one in their place.
    private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cs}\\x00]");
    private static final String REPLACEMENT = "\uFFFD";

    private HtmlToMarkdown() {}

    /** The Markdown of a fragment or page of HTML, or of its text alone where it has an absurd number of elements. */
    static String markdown(String html) {
        var document = Jsoup.parse(html, Parser.htmlParser().setMaxDepth(DEEPEST));
        document.outputSettings().prettyPrint(false);
        document.select("script, style, noscript, iframe").remove();
        if (document.stream().limit(MOST_ELEMENTS + 1).count() > MOST_ELEMENTS) {
            return markdownOfText(document.text());
        }
        headTables(document);
        return sound(CONVERTER.convert(document.outerHtml(), 1).strip());
    }

    /** The Markdown that shows plain text, with its paragraphs and line breaks. */
    static String markdownOfText(String text) {
        var html = Entities.escape(text.strip())
                .replaceAll("(\\R\\s*){2,}", "</p><p>")
                .replaceAll("\\R", "<br>");
        return markdown("<p>" + html + "</p>");
    }

    /** What a reader sees of HTML, on one line. */
    static String text(String html) {
        return sound(Jsoup.parse(html).text());
    }

    private static String sound(String text) {
        return NO_TEXT.matcher(text).replaceAll(REPLACEMENT);
    }

    /** Markdown has no table without a head: one that has none gets an empty one. */
    private static void headTables(Document document) {
        for (var table : document.select("table")) {
            var first = table.selectFirst("tr");
            if (first == null || !table.select("th").isEmpty()) {
                continue;
            }
            var head = new Element("tr");
            for (int cell = first.childrenSize(); cell > 0; cell--) {
                head.appendElement("th");
            }
            table.prependElement("thead").appendChild(head);
        }
    }

    private static DataHolder options() {
        return new MutableDataSet()
                .set(FlexmarkHtmlConverter.SETEXT_HEADINGS, false)
                .set(FlexmarkHtmlConverter.OUTPUT_ATTRIBUTES_ID, false)
                .set(FlexmarkHtmlConverter.TYPOGRAPHIC_QUOTES, false)
                .set(FlexmarkHtmlConverter.TYPOGRAPHIC_SMARTS, false)
                .set(FlexmarkHtmlConverter.EXTRACT_AUTO_LINKS, false)
                .set(FlexmarkHtmlConverter.RENDER_COMMENTS, false)
                .set(FlexmarkHtmlConverter.BR_AS_PARA_BREAKS, false)
                .set(FlexmarkHtmlConverter.BR_AS_EXTRA_BLANK_LINES, false)
                .set(FlexmarkHtmlConverter.LISTS_END_ON_DOUBLE_BLANK, false)
                .set(FlexmarkHtmlConverter.DIV_AS_PARAGRAPH, true)
                .set(FlexmarkHtmlConverter.PRE_CODE_PRESERVE_EMPHASIS, false)
                .set(FlexmarkHtmlConverter.NBSP_TEXT, "\u00a0")
                .set(FlexmarkHtmlConverter.MAX_BLANK_LINES, 1);
    }
}
