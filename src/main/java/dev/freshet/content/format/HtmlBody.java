package dev.freshet.content.format;

import dev.freshet.content.article.HtmlWriter;
import dev.freshet.content.article.SafeHtml;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/**
 * Makes a body of the text of a feed: the sanitised HTML as one HTML block of Markdown. It is not converted to Markdown,
 * since each converter loses text.
 */
final class HtmlBody {

    // Far more than any article has; the time to sanitise grows with the number of elements.
    private static final int MAX_ELEMENTS = 20_000;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_PASSES = 3;
    private static final Pattern BLANK_LINE = Pattern.compile("\\n(?=[ \\t]*\\n)");
    private static final List<String> LAZY_SOURCES = List.of(
            "data-src",
            "data-lazy-src",
            "data-original",
            "data-orig-file",
            "data-lazy",
            "data-srcset",
            "data-lazy-srcset",
            "srcset");
    private static final Pattern PLACEHOLDER =
            Pattern.compile("(?i)(data:|about:).*|.*\\b(blank|placeholder|spacer|transparent)\\.(gif|png|svg)");

    private HtmlBody() {}

    /**
     * Returns the body; empty for a text without content.
     *
     * @param base the base of relative links; empty if unknown
     */
    static String of(FeedText text, String base, Repairs repairs) {
        var html = text.isHtml() ? text.text() : paragraphs(text.text());
        var document = Jsoup.parse(
                FeedText.replaceInvalid(html.replace("\r\n", "\n").replace('\r', '\n')),
                base,
                Parser.htmlParser().setMaxDepth(MAX_DEPTH));
        document.outputSettings().prettyPrint(false);
        if (document.stream().limit(MAX_ELEMENTS + 1).count() > MAX_ELEMENTS) {
            repairs.add("body has more than " + MAX_ELEMENTS + " elements; its text was kept");
            return of(FeedText.plain(document.text()), base, repairs);
        }
        prepare(document);
        return block(SafeHtml.clean(document, base), base);
    }

    private static String paragraphs(String text) {
        return "<p>"
                + Entities.escape(text.strip().replace("\r\n", "\n"))
                        .replaceAll("\\n\\s*\\n\\s*", "</p><p>")
                        .replaceAll("\\n", "<br>")
                + "</p>";
    }

    /** Returns an HTML block. A blank line would end it, so newlines before one are written as references. */
    private static String block(Document document, String base) {
        if (document.body().childNodeSize() == 0 || !hasContent(document)) {
            return "";
        }
        var html = BLANK_LINE.matcher(stable(document, base)).replaceAll("&#10;");
        return "<div>\n" + html + "\n</div>";
    }

    /** Writes the document so that parsing it again moves nothing, as it moves text out of tables. */
    private static String stable(Document document, String base) {
        var html = HtmlWriter.body(document).strip();
        for (var i = 0; i < MAX_PASSES; i++) {
            var again = HtmlWriter.body(SafeHtml.clean(Jsoup.parseBodyFragment(html, base), base))
                    .strip();
            if (again.equals(html)) {
                break;
            }
            html = again;
        }
        return html;
    }

    private static boolean hasContent(Document document) {
        return document.body().hasText()
                || !document.select("img, video, audio, hr, a").isEmpty();
    }

    private static void prepare(Document document) {
        for (var image : document.select("img")) {
            findSource(image);
        }
        for (var fallback : document.select("noscript")) {
            var previous = fallback.previousElementSibling();
            if (previous != null && previous.is("img[src], picture")) {
                fallback.remove();
            } else {
                fallback.unwrap();
            }
        }
        for (var formula : document.select("math")) {
            var text = formula.attr("alttext").isBlank() ? formula.text() : formula.attr("alttext");
            formula.replaceWith(new TextNode(text));
        }
        document.select("script, style, template").remove();
    }

    /** Sets the source of images that scripts would load later, or that offer several. */
    private static void findSource(Element image) {
        if (!image.attr("src").isBlank()
                && !PLACEHOLDER.matcher(image.attr("src")).matches()) {
            return;
        }
        var candidates = LAZY_SOURCES.stream().map(image::attr);
        var picture = image.parent();
        if (picture != null && picture.is("picture")) {
            candidates = java.util.stream.Stream.concat(
                    candidates,
                    picture.select("source").stream()
                            .flatMap(source ->
                                    java.util.stream.Stream.of(source.attr("srcset"), source.attr("data-srcset"))));
        }
        candidates
                .map(String::strip)
                .filter(candidate -> !candidate.isEmpty())
                .findFirst()
                .ifPresent(candidate -> image.attr("src", firstOfSet(candidate)));
    }

    private static String firstOfSet(String candidates) {
        return candidates.split("[\\s]|,(?=\\s)", 2)[0];
    }
}
