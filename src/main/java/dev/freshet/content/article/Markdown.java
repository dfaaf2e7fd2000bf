package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.footnotes.FootnotesExtension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.task.list.items.TaskListItemsExtension;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** Renders Markdown as sanitised HTML. The result depends only on the arguments. */
final class Markdown {

    private static final int MAX_NESTED_BLOCKS = 50;
    private static final int MAX_EMPTY_CELLS = 100_000;
    private static final int SUMMARY_LENGTH = 280;

    private static final List<Extension> EXTENSIONS = List.of(
            TablesExtension.create(),
            StrikethroughExtension.create(),
            AutolinkExtension.create(),
            FootnotesExtension.create(),
            TaskListItemsExtension.create());
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).build();

    /**
     * A rendered text.
     *
     * @param html sanitised HTML
     * @param beginning about the first 280 characters as plain text, cut at a word
     */
    record Rendered(String html, String beginning) {}

    private Markdown() {}

    /**
     * Renders a text. Relative links stay, relative to the address of the article.
     *
     * @param isByEditor whether search engines may follow the links
     * @throws dev.freshet.platform.problem.ProblemException if the text is nested too deeply, or rendering its paragraphs
     *     or tables is far more expensive than their length suggests
     */
    static Rendered render(String markdown, boolean isByEditor) {
        if (EmptyCellCounter.count(markdown) > MAX_EMPTY_CELLS) {
            throw invalid("has tables whose rows lack too many cells");
        }
        try {
            var html = CjkEmphasis.unmark(
                    RENDERER.render(parser(IncludeSourceSpans.NONE).parse(CjkEmphasis.mark(markdown))));
            var safe = SafeHtml.clean(Jsoup.parseBodyFragment(html), "");
            if (isByEditor) {
                SafeHtml.links(safe).attr("rel", "noopener");
            }
            Headings.complete(safe, SafeHtml.PAGE_IDS);
            var beginning = beginning(safe);
            return new Rendered(HtmlWriter.body(safe).strip(), beginning);
        } catch (StackOverflowError e) {
            // The parser and the renderer recurse with the nesting of the text.
            throw invalid("is nested too deeply");
        }
    }

    /** Returns a parser for one text, because its line limit has state. */
    static Parser parser(IncludeSourceSpans positions) {
        return Parser.builder()
                .includeSourceSpans(positions)
                .customBlockParserFactory(new ParagraphLineLimit())
                .extensions(EXTENSIONS)
                .maxOpenBlockParsers(MAX_NESTED_BLOCKS)
                .customInlineContentParserFactory(new AngleBracketParser.Factory())
                .build();
    }

    static ProblemException invalid(String fault) {
        return Problem.invalid(List.of(new Invalid("body", fault)));
    }

    private static String beginning(Document document) {
        var prose = Beginning.of(document, true);
        return shorten(prose.isEmpty() ? Beginning.of(document, false) : prose);
    }

    /** Collects somewhat more text than a summary has. */
    private static final class Beginning implements NodeFilter {

        private static final Set<String> NO_PROSE = Set.of("nav", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6");

        private static final Pattern SPACES = Pattern.compile("\\s{2,}|[^\\S ]");

        private final StringBuilder text = new StringBuilder();
        private final boolean proseOnly;

        private Beginning(boolean proseOnly) {
            this.proseOnly = proseOnly;
        }

        static String of(Document document, boolean proseOnly) {
            var beginning = new Beginning(proseOnly);
            document.body().filter(beginning);
            return SPACES.matcher(beginning.text).replaceAll(" ").strip();
        }

        @Override
        public FilterResult head(Node node, int depth) {
            if (text.length() > 4 * SUMMARY_LENGTH) {
                return FilterResult.STOP;
            }
            if (node instanceof TextNode part) {
                var words = part.text();
                text.append(words, 0, Math.min(words.length(), 2 * SUMMARY_LENGTH));
            } else if (node instanceof Element element) {
                if (proseOnly && !isProse(element)) {
                    return FilterResult.SKIP_ENTIRELY;
                }
                separate(element);
            }
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                separate(element);
            }
            return FilterResult.CONTINUE;
        }

        private void separate(Element element) {
            if (element.isBlock() || element.normalName().equals("br")) {
                text.append(' ');
            }
        }

        private static boolean isProse(Element element) {
            return !NO_PROSE.contains(element.normalName())
                    && !element.hasClass("footnotes")
                    && !element.hasClass("footnote-ref");
        }
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
