package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.freshet.platform.problem.ProblemException;
import org.jsoup.Jsoup;
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
    void relativeLinksStay() {
        assertThat(html("[x](/about) ![i](i.png)")).contains("<a href=\"/about\"", "<img src=\"i.png\"");
        assertThat(html("[x](../about) and[^1]\n\n[^1]: note")).contains("href=\"../about\"", "href=\"#fn-1\"");
        assertThat(html("[x](javascript:alert)")).doesNotContain("href");
    }

    @Test
    void headingsHaveTheIdsOfGithub() {
        assertThat(html("## A *small* Step!\n\n## A small step\n\n## Über 2 — x_y\n\n# Main\n\n[up](#main-1)"))
                .contains(
                        "<h2 id=\"a-small-step\">",
                        "<h2 id=\"a-small-step-1\">",
                        "<h2 id=\"über-2--x_y\">",
                        "<h1 id=\"main-1\">",
                        "<a href=\"#main-1\"");
    }

    @ParameterizedTest
    @CsvSource({
        "## `code` & more, code--more",
        "## 1. Über_uns: a  b, 1-über_uns-a--b",
        "## 日本語。テスト, 日本語テスト",
        "## 😀, section",
        "<h2>Raw *HTML*</h2>, raw-html",
        "<h2 id=\"Kept\">x</h2>, Kept"
    })
    void headingIdsKeepLettersDigitsAndHyphens(String markdown, String id) {
        assertThat(html(markdown)).contains(" id=\"" + id + "\"");
    }

    @Test
    void headingIdsAreUnique() {
        assertThat(Jsoup.parse(html("# a\n\n# a\n\n# a-1\n\n# fn 1\n\n[^1]\n\n[^1]: note"))
                        .select("[id]")
                        .eachAttr("id"))
                .containsOnlyOnce("a", "a-1", "a-1-1", "fn-1-1", "fn-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[TOC]", "[toc]", "[[_TOC_]]"})
    void contentsListTheHeadings(String marker) {
        assertThat(html(marker + "\n\n# One *two*[^1]\n\n### Deep\n\n## Next\n\n# Last\n\n[^1]: note"))
                .startsWith("<nav class=\"toc\"><ul><li><a href=\"#one-two1\">One two</a>"
                        + "<ul><li><a href=\"#deep\">Deep</a></li><li><a href=\"#next\">Next</a></li></ul></li>"
                        + "<li><a href=\"#last\">Last</a></li></ul></nav>");
        assertThat(html("a " + marker + "\n\n# One")).doesNotContain("<nav");
        assertThat(Markdown.render(marker + "\n\n# One\n\nText", false).beginning())
                .isEqualTo("Text");
    }

    @Test
    void recordingsAreKeptIfTheyAreSentOverHttps() {
        assertThat(html("<video src=\"https://e.example/v.mp4\" autoplay onplay=\"x\"></video>"))
                .contains("<video src=\"https://e.example/v.mp4\" controls=\"controls\" preload=\"none\"></video>");
        assertThat(html("<audio><source src=\"https://e.example/a.ogg\" type=\"audio/ogg\"></audio>"))
                .contains(
                        "<audio controls=\"controls\" preload=\"none\"><source src=\"https://e.example/a.ogg\" type=\"audio/ogg\">");
        assertThat(html("<video src=\"http://e.example/v.mp4\"></video>"))
                .doesNotContain("src=")
                .contains("<a href=\"http://e.example/v.mp4\" rel=\"nofollow noopener\">http://e.example/v.mp4</a>");
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.youtube.com/embed/abc_-12?start=3, https://www.youtube.com/watch?v=abc_-12",
        "https://www.youtube-nocookie.com/embed/abc_-12, https://www.youtube.com/watch?v=abc_-12",
        "//player.vimeo.com/video/123?h=abc&dnt=1, https://vimeo.com/123/abc",
        "https://player.vimeo.com/video/123, https://vimeo.com/123",
        "https://m.example/@ann/1234567890123/embed, https://m.example/@ann/1234567890123",
        "https://m.example/users/ann/statuses/1234567890123/embed, https://m.example/users/ann/statuses/1234567890123"
    })
    void framesOfKnownSitesBecomeLinksThatCanBeOpened(String frame, String page) {
        assertThat(html("<iframe src=\"" + frame + "\" title=\"A film\"></iframe>"))
                .isEqualTo("<p><a href=\"" + page + "\" class=\"embed\" rel=\"nofollow noopener\">A film</a></p>");
    }

    @Test
    void otherFramesBecomeLinks() {
        assertThat(html("Text <iframe src=\"https://maps.example/x\"></iframe>."))
                .isEqualTo("<p>Text <a href=\"https://maps.example/x\" rel=\"nofollow noopener\">"
                        + "https://maps.example/x</a>.</p>");
        assertThat(html("<iframe src=\"/map\"></iframe>")).contains("<a href=\"/map\"");
        assertThat(html("<a class=\"embed\" href=\"https://maps.example/x\">x</a>"))
                .doesNotContain("class");
        assertThat(html("<iframe src=\"javascript:alert(1)\">x</iframe>")).isEmpty();
    }

    @Test
    void quotedPostsCanBeOpened() {
        var post = "<blockquote class=\"mastodon-embed\" data-embed-url=\"https://m.example/@ann/1234567890123/embed\">"
                + "<a href=\"https://m.example/@ann/1234567890123\">Post by ann</a></blockquote>";
        assertThat(html(post))
                .contains("<a href=\"https://m.example/@ann/1234567890123\" class=\"embed\" rel=\"nofollow noopener\">"
                        + "Post by ann</a>");
    }

    @Test
    void searchEnginesFollowLinksOfEditors() {
        assertThat(Markdown.render("https://e.example/", true).html()).contains("rel=\"noopener\"");
        assertThat(html("<a href=\"https://e.example/\" rel=\"follow\">x</a>")).contains("rel=\"nofollow noopener\"");
    }

    @Test
    void taskListsHaveBoxesThatCannotBeChanged() {
        assertThat(html("- [ ] open\n- [x] done\n\n<input type=checkbox disabled> <input name=x>"))
                .contains("<li><input type=\"checkbox\" disabled> open</li>")
                .contains("<li><input type=\"checkbox\" disabled checked> done</li>")
                .doesNotContain("<p><input", "name=");
    }

    @ParameterizedTest
    @CsvSource({
        "**テスト。**テキスト, <strong>テスト。</strong>テキスト",
        "日本語**「引用」**です, 日本語<strong>「引用」</strong>です",
        "*（注）*です, <em>（注）</em>です",
        "한국어**(강조)**입니다, 한국어<strong>(강조)</strong>입니다",
        "中文***“引”***文, 中文<em><strong>“引”</strong></em>文",
        "2*3*4。*あ, 2<em>3</em>4。*あ",
        "\\*あ*, *あ*",
        "`。**あ`, <code>。**あ</code>"
    })
    void emphasisWorksBesideEastAsianPunctuation(String markdown, String html) {
        assertThat(html(markdown)).isEqualTo("<p>" + html + "</p>");
    }

    @Test
    void angleBracketsAreTextUnlessTheyAreClosed() {
        assertThat(html("a <b\n`<i>` <b>bold</b>\n1<2 <sub>x</sub> <c\n\n<d <b>bold</b>"))
                .isEqualTo("<p>a &lt;b\n<code>&lt;i&gt;</code> <b>bold</b>\n1&lt;2 <sub>x</sub> &lt;c</p>\n"
                        + "<p>&lt;d <b>bold</b></p>");
        var far = "<b" + " ".repeat(2000) + ">bold</b>";
        assertThat(html("a " + far)).startsWith("<p>a &lt;b");
    }

    @Test
    void directionAndLanguageAreKeptIfTheyAreValid() {
        assertThat(html("<p dir=\"rtl\" lang=\"he\">a</p><p dir=\"x\" lang=\"a b\">b</p>"))
                .isEqualTo("<p dir=\"rtl\" lang=\"he\">a</p><p>b</p>");
        assertThat(html("<ruby>漢<rt>かん</rt></ruby> <abbr title=\"World\">W</abbr>"))
                .contains("<ruby>漢<rt>かん</rt></ruby> <abbr title=\"World\">W</abbr>");
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
    void derivedSummaryEndsAtAWord() {
        var beginning = Markdown.render("# Title\n\n```\ncode\n```\n\n" + "word ".repeat(100), false)
                .beginning();
        assertThat(beginning).startsWith("word word").endsWith("word…").hasSizeLessThan(285);
        assertThat(Markdown.render("", false).beginning()).isEmpty();
        assertThat(Markdown.render("# Only", false).beginning()).isEqualTo("Only");
    }

    private static String html(String markdown) {
        return Markdown.render(markdown, false).html();
    }
}
