package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.freshet.platform.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTests {

    @Test
    void tablesCodeStrikethroughAutolinksAndFootnotesAreKept() {
        var html = html("""
                | a | b |
                |---|--:|
                | 1 | 2 |

                ```java
                int x = 1 < 2 ? 3 : 4;
                ```

                ~~gone~~ https://example.org/x and a note[^1].

                [^1]: The *note*.
                """);
        assertThat(html)
                .contains("<td align=\"right\">2</td>")
                .contains("<code class=\"language-java\">int x = 1 &lt; 2")
                .contains("<del>gone</del>")
                .contains("<a href=\"https://example.org/x\" rel=\"nofollow noopener\">")
                .contains("<a href=\"#fn-1\"")
                .contains("<li id=\"fn-1\">")
                .contains("<section class=\"footnotes\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "[x](javascript:alert(1))",
                "[x](JaVaScRiPt:alert(1))",
                "[x](java\tscript:alert(1))",
                "[x](&#106;avascript:alert(1))",
                "[x](data:text/html;base64,PHNjcmlwdD4=)",
                "![x](data:image/svg+xml;base64,PHN2Zz4=)",
                "<a href=\"vbscript:x\">x</a>",
                "<svg onload=alert(1)></svg>",
                "<math><mi xlink:href=\"javascript:x\"></mi></math>",
                "<style>*{display:none}</style>",
                "<p style=\"position:fixed\">x</p>",
                "<iframe src=\"https://example.org\"></iframe>",
                "<form action=\"https://example.org\"><input name=x></form>",
                "<object data=x></object><embed src=x><base href=//example.org>",
                "<p onclick=\"alert(1)\">x</p>",
                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
                "<a id=\"location\" href=\"https://example.org\">x</a>",
                "<code class=\"evil\">x</code>"
            })
    void unsafeMarkupIsRemoved(String markdown) {
        assertThat(html(markdown).replace("&lt;", ""))
                .doesNotContainIgnoringCase("<script")
                .doesNotContainPattern(
                        "(?i)<[^>]*(javascript:|vbscript:|data:|\\son\\w+=|style=|id=\"loc|class=\"evil)")
                .doesNotContainPattern("(?i)<(svg|math|style|iframe|form|input|object|embed|base)");
    }

    @Test
    void angleBracketsKeepTheirMeanings() {
        assertThat(html("1 < 2, <b>bold</b>, <https://example.org/x>, <a@b.example> <!-- c --> <"))
                .startsWith("<p>1 &lt; 2, <b>bold</b>, <a href=\"https://example.org/x\"")
                .contains("mailto:a@b.example")
                .doesNotContain("--")
                .endsWith("&lt;</p>");
    }

    @Test
    void relativeLinksLeadToTheHomeOfTheArticleOrNowhere() {
        assertThat(html("[x](/about)")).doesNotContain("href");
        var html = Markdown.render("[x](../about) and[^1]\n\n[^1]: note", "https://example.org/blog/post")
                .html();
        assertThat(html).contains("href=\"https://example.org/about\"").contains("href=\"#fn-1\"");
    }

    @ParameterizedTest
    @CsvSource({
        "'> '",
        "'['",
        "'![](['",
        "'*a **a '",
        "'<div>'",
        "'- '",
        "'`'",
        "'(['",
        "'_*'",
        "'<'",
        "'<a'",
        "'<!--a>'",
        "'<?a>'",
        "'<![CDATA[a>'",
        "'[^'",
        "'|'",
        "'&'",
        "'https://'",
        "'~~a'"
    })
    void hostileNestingCostsLittle(String part) {
        var markdown = part.repeat(524_288 / part.length());
        assertTimeoutPreemptively(TIMEOUT, () -> {
            try {
                assertThat(html(markdown)).isNotNull();
            } catch (ProblemException tooDeep) {
                assertThat(tooDeep).hasMessageContaining("nested too deeply");
            }
        });
    }

    @Test
    void hostileNestedLinksAndImagesCostLittle() {
        var images = "![".repeat(50_000) + "](x)".repeat(50_000);
        var emphasis = "*a ".repeat(100_000) + "b*".repeat(100_000);
        assertTimeoutPreemptively(TIMEOUT, () -> {
            for (var markdown : new String[] {images, emphasis}) {
                try {
                    assertThat(html(markdown)).isNotNull();
                } catch (ProblemException tooDeep) {
                    assertThat(tooDeep).hasMessageContaining("nested too deeply");
                }
            }
        });
    }

    @Test
    void beginningIsProseCutAtAWord() {
        var beginning = Markdown.render("# Title\n\n```\ncode\n```\n\n" + "word ".repeat(100), null)
                .beginning();
        assertThat(beginning).startsWith("word word").endsWith("word…").hasSizeLessThan(285);
        assertThat(Markdown.render("", null).beginning()).isEmpty();
        assertThat(Markdown.render("# Only", null).beginning()).isEqualTo("Only");
    }

    private static String html(String markdown) {
        return Markdown.render(markdown, null).html();
    }
}
