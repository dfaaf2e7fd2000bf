package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.footnotes.FootnotesExtension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;
import org.jspecify.annotations.Nullable;

/** Renders Markdown as sanitised HTML. The result depends only on the arguments. */
final class Markdown {

    private static final int MAX_NESTED_BLOCKS = 50;
    private static final int MAX_EMPTY_CELLS = 100_000;
    private static final int SUMMARY_LENGTH = 280;
    private static final Pattern FOOTNOTE_ID = Pattern.compile("fn(ref)?[\\p{L}\\p{N}_.:-]*");
    private static final Pattern LANGUAGE_CLASS = Pattern.compile("language-[\\w+#.-]{1,40}");

    private static final List<Extension> EXTENSIONS = List.of(
            TablesExtension.create(),
            StrikethroughExtension.create(),
            AutolinkExtension.create(),
            FootnotesExtension.create());
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).build();

    // The path of uploaded images. Package image and the triggers of table article_image use the same pattern.
    private static final Pattern OWN_IMAGE = Pattern.compile("/images/[0-9a-f]{32}\\.(png|jpg)");

    private static final Safelist ALLOWED = new UploadedImageSafelist()
            .addTags("del", "s", "hr", "section", "details", "summary", "kbd", "mark", "abbr", "figure", "figcaption")
            .addAttributes("a", "id")
            .addAttributes("li", "id")
            .addAttributes("code", "class")
            .addAttributes("section", "class")
            .addAttributes("sup", "class")
            .addAttributes("td", "align")
            .addAttributes("th", "align")
            .addProtocols("a", "href", "#")
            .addEnforcedAttribute("a", "rel", "nofollow noopener")
            .addEnforcedAttribute("img", "loading", "lazy");

    /**
     * A rendered text.
     *
     * @param html sanitised HTML
     * @param beginning about the first 280 characters as plain text, cut at a word
     */
    record Rendered(String html, String beginning) {}

    private Markdown() {}

    /**
     * Renders a text.
     *
     * @param baseUrl the base of relative links; null removes them
     * @throws dev.freshet.platform.problem.ProblemException if the text is nested too deeply, or rendering its paragraphs
     *     or tables is far more expensive than their length suggests
     */
    static Rendered render(String markdown, @Nullable String baseUrl) {
        if (EmptyCellCounter.count(markdown) > MAX_EMPTY_CELLS) {
            throw invalid("has tables whose rows lack too many cells");
        }
        try {
            var base = baseUrl == null ? "" : baseUrl;
            var unsafe = Jsoup.parseBodyFragment(RENDERER.render(parser().parse(markdown)), base);
            // Browsers parse the content of these elements differently, so it must not remain without them.
            unsafe.select("math, svg").remove();
            var safe = new Cleaner(ALLOWED).clean(unsafe);
            safe.outputSettings().prettyPrint(false);
            cleanAttributes(safe, base);
            return new Rendered(safe.body().html().strip(), beginning(safe));
        } catch (StackOverflowError e) {
            // The parser and the renderer recurse with the nesting of the text.
            throw invalid("is nested too deeply");
        }
    }

    /** Also permits uploaded images, which have relative URLs. */
    private static final class UploadedImageSafelist extends Safelist {

        private UploadedImageSafelist() {
            super(Safelist.relaxed());
        }

        @Override
        public boolean isSafeAttribute(String tagName, Element element, Attribute attribute) {
            return (tagName.equals("img")
                            && attribute.getKey().equals("src")
                            && OWN_IMAGE.matcher(attribute.getValue()).matches())
                    || super.isSafeAttribute(tagName, element, attribute);
        }
    }

    /** Returns a parser for one text, because its line limit has state. */
    private static Parser parser() {
        return Parser.builder()
                .customBlockParserFactory(new ParagraphLineLimit())
                .extensions(EXTENSIONS)
                .maxOpenBlockParsers(MAX_NESTED_BLOCKS)
                .customInlineContentParserFactory(new AngleBracketParser())
                .build();
    }

    static ProblemException invalid(String fault) {
        return Problem.invalid(List.of(new Invalid("body", fault)));
    }

    private static void cleanAttributes(Document document, String base) {
        for (var element : document.select("[id]")) {
            // Any other id could clash with an id of the page.
            if (!FOOTNOTE_ID.matcher(element.id()).matches()) {
                element.removeAttr("id");
            }
        }
        for (var element : document.select("[class]")) {
            if (!isKnownClass(element)) {
                element.removeAttr("class");
            }
        }
        if (!base.isEmpty()) {
            for (var link : document.select("a[href]")) {
                var href = link.attr("href");
                if (href.startsWith(base + "#fn")) {
                    link.attr("href", href.substring(base.length()));
                }
            }
        }
    }

    private static boolean isKnownClass(Element element) {
        return switch (element.normalName()) {
            case "code" -> LANGUAGE_CLASS.matcher(element.className()).matches();
            case "section" -> element.className().equals("footnotes");
            case "sup" -> element.className().equals("footnote-ref");
            default -> false;
        };
    }

    private static String beginning(Document document) {
        var prose = document.clone();
        prose.select("pre, table, h1, h2, h3, h4, h5, h6, section, sup").remove();
        var text = prose.body().text().strip();
        return shorten(text.isEmpty() ? document.body().text().strip() : text);
    }

    private static String shorten(String text) {
        if (text.length() <= SUMMARY_LENGTH) {
            return text;
        }
        var end = text.lastIndexOf(' ', SUMMARY_LENGTH);
        if (end < SUMMARY_LENGTH / 2) {
            end = Character.isHighSurrogate(text.charAt(SUMMARY_LENGTH - 1)) ? SUMMARY_LENGTH - 1 : SUMMARY_LENGTH;
        }
        return text.substring(0, end).strip() + "…";
    }
}
