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

/** Converts the HTML of feeds to Markdown that renders to the same text. */
final class HtmlToMarkdown {

    private static final FlexmarkHtmlConverter CONVERTER =
            FlexmarkHtmlConverter.builder(options()).build();

    // Far more than any article has; conversion time grows with the number of elements.
    private static final int MAX_ELEMENTS = 20_000;
    private static final int MAX_DEPTH = 100;
    // Unpaired surrogates and U+0000 are replaced, as HTML does.
    private static final Pattern INVALID_CHARACTERS = Pattern.compile("[\\p{Cs}\\x00]");
    private static final String REPLACEMENT = "\uFFFD";

    private HtmlToMarkdown() {}

    /** Converts a fragment or page of HTML; only its text if it exceeds the limit of elements. */
    static String markdown(String html) {
        var document = Jsoup.parse(html, Parser.htmlParser().setMaxDepth(MAX_DEPTH));
        document.outputSettings().prettyPrint(false);
        document.select("script, style, noscript, iframe").remove();
        if (document.stream().limit(MAX_ELEMENTS + 1).count() > MAX_ELEMENTS) {
            return markdownOfText(document.text());
        }
        addTableHeaders(document);
        return replaceInvalid(CONVERTER.convert(document.outerHtml(), 1).strip());
    }

    /** Converts plain text, keeping its paragraphs and line breaks. */
    static String markdownOfText(String text) {
        var html = Entities.escape(text.strip())
                .replaceAll("(\\R\\s*){2,}", "</p><p>")
                .replaceAll("\\R", "<br>");
        return markdown("<p>" + html + "</p>");
    }

    /** Returns the text of HTML on one line. */
    static String text(String html) {
        return replaceInvalid(Jsoup.parse(html).text());
    }

    private static String replaceInvalid(String text) {
        return INVALID_CHARACTERS.matcher(text).replaceAll(REPLACEMENT);
    }

    /** Adds an empty header row to tables without one, because Markdown requires it. */
    private static void addTableHeaders(Document document) {
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
