package dev.freshet.content.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.HtmlWriter;
import dev.freshet.content.article.RenderedMarkdown;
import dev.freshet.content.article.SafeHtml;
import java.util.List;
import java.util.Random;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlBodyTests {

    private static final List<String> ELEMENTS = List.of(
            "p",
            "div",
            "pre",
            "pre",
            "code",
            "span",
            "b",
            "em",
            "sub",
            "sup",
            "ul",
            "ol",
            "li",
            "table",
            "tr",
            "td",
            "blockquote",
            "h2",
            "abbr",
            "ins",
            "del",
            "kbd",
            "ruby",
            "rt",
            "figure",
            "section",
            "details",
            "custom-tag",
            "font",
            "center",
            "textarea",
            "button");
    private static final List<String> TEXTS = List.of(
            "word",
            " ",
            "\n",
            "\n\n",
            "\n \n\t\n",
            "    indented",
            "1984. ",
            "- item",
            "*a* _b_ __c__",
            "# head",
            "| a | b |",
            "|---|---|",
            "`code`",
            "~~gone~~",
            "[x](y)",
            "![i](j)",
            "&amp;",
            "&lt;p&gt;",
            "&#13;",
            "&nbsp;",
            "<br>",
            "<hr>",
            "> quote",
            "+ plus",
            "===",
            "---",
            "```",
            "~~~",
            "$&1\\",
            "https://e.example/x",
            "日本語",
            "שלום",
            "😀",
            ":dog:",
            "</div>",
            "</pre>",
            "<!-- comment\n\nof lines -->",
            "[^1]",
            "[^1]: note",
            "\\*",
            "<");

    /** For any HTML, a reader sees the text of the sanitised original, with the white space of preformatted text. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void textIsThatOfTheSanitisedOriginal(long seed) {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++) {
            var html = html(random, 4);

            var expected = visible(stable(SafeHtml.clean(Jsoup.parse(html), "")));
            var body = HtmlBody.of(FeedText.html(html), "", new Repairs());

            assertThat(visible(Jsoup.parse(RenderedMarkdown.html(body))))
                    .as(html)
                    .isEqualTo(expected);
        }
    }

    @Test
    void tooManyElementsBecomeTheirText() {
        var repairs = new Repairs();

        var body = HtmlBody.of(FeedText.html("<i>a</i> ".repeat(20_001)), "", repairs);

        assertThat(visible(Jsoup.parse(RenderedMarkdown.html(body))))
                .startsWith("a a a")
                .hasSize(40_001);
        assertThat(repairs.descriptions()).containsExactly("body has more than 20000 elements; its text was kept");
    }

    /** Parses a sanitised document as readers do, until nothing is moved out of tables. */
    private static Document stable(Document document) {
        var parsed = document;
        for (var i = 0; i < 4; i++) {
            parsed = SafeHtml.clean(Jsoup.parse(HtmlWriter.body(parsed)), "");
        }
        return parsed;
    }

    private static String html(Random random, int depth) {
        var html = new StringBuilder();
        for (var parts = 1 + random.nextInt(4); parts > 0; parts--) {
            if (depth == 0 || random.nextInt(3) == 0) {
                html.append(TEXTS.get(random.nextInt(TEXTS.size())));
            } else {
                var name = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
                html.append('<').append(name).append('>');
                html.append(html(random, depth - 1));
                html.append(random.nextInt(10) == 0 ? "" : "</" + name + ">");
            }
        }
        return html.toString();
    }

    private static String visible(Document document) {
        var text = new StringBuilder();
        append(document.body(), false, text);
        return text.toString().strip();
    }

    private static void append(Node node, boolean isPreformatted, StringBuilder text) {
        if (node instanceof TextNode part) {
            if (isPreformatted) {
                text.append(part.getWholeText());
            } else {
                var words = part.getWholeText().replaceAll("[ \\t\\r\\n]+", " ");
                var isDouble = words.startsWith(" ") && (text.isEmpty() || text.charAt(text.length() - 1) == ' ');
                text.append(isDouble ? words.substring(1) : words);
            }
        } else if (node instanceof Element element) {
            if (element.normalName().equals("br")) {
                text.append('\n');
            }
            element.childNodes()
                    .forEach(child ->
                            append(child, isPreformatted || element.normalName().equals("pre"), text));
        }
    }
}
