package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.freshet.platform.problem.ProblemException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is called Markdown becomes HTML without anything that acts, in a time that grows with its length alone. */
@Timeout(600)
class MarkdownFuzzTests {

    private static final int LONGEST = 524_288;

    @ValueSource(
            strings = {
                "# T\n\n| a | b |\n|---|:-:|\n| 1 |\n\n[^1]: *n*\n\nx[^1] ~~y~~ <https://e.example> www.e.example",
                "<a href=\"&#106;avascript:alert(1)\" onclick=x>x</a><svg/onload=x>",
                "[x](<java\nscript:alert(1)>) ![](data:x) <math><mtext><table><mglyph><style><img src=x onerror=y>",
                "<!-- x --!> <img src=x onerror=y> -->",
                "- > 1. - > ```\n\t\0\uD800",
                "[a]: javascript:x\n[a]"
            })
    @FuzzTest
    void html(@NotNull String markdown) {
        for (var home : new @Nullable String[] {null, "https://example.org/a/b"}) {
            var html = render(markdown, home);
            if (html == null) {
                continue;
            }
            var document = Jsoup.parseBodyFragment(html);
            document.outputSettings().prettyPrint(false);
            for (var element : document.body().select("*")) {
                assertThat(element.normalName())
                        .isNotIn(
                                "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "base");
                for (var attribute : element.attributes()) {
                    assertThat(attribute.getKey()).doesNotStartWith("on").isNotEqualTo("style");
                    if (attribute.getKey().equals("href") || attribute.getKey().equals("src")) {
                        assertThat(attribute.getValue()).matches("(?is)(https?:|mailto:|ftp:|#).*");
                    }
                }
            }
            // A browser sees what was cleaned, not what its parser makes of it.
            assertThat(document.body().html()).isEqualTo(html);
        }
    }

    static String[] hostile() {
        return new String[] {
            // Prefixes and parts of a text, separated by a line break.
            "\nA\n",
            "\n!\n",
            "\n[a]: /x\n",
            "\n[a]: b 'c\n",
            "\n[^a]: x\n",
            "[^a]: x\n[^a]",
            "\n- a\n",
            "\n  - a\n",
            "\n\\",
            "\n`a``",
            "\n*_",
            "\n![a](b \"",
            "\n[a](<b",
            "\n[a][",
            "\n<a b='",
            "\n<a b=c ",
            "\n&#x",
            "\n~",
            "\n~~a ~",
            "\nwww.a.",
            "\na@",
            "\nhttp://a(",
            "\n\t",
            "\n> - ",
            "\n1) ",
            "\n***a",
            "\n|-",
            "\n#",
            "\n\"",
            "\n]",
            "\n)",
            "\n<!a ",
            "\n</a",
            "\n<?",
            "\n__a__ ",
            "\n[[",
            "\n``` ",
            "\n~~~",
            "\n\r",
            "\n=\n",
            "\na\n-\n",
            "\n[^",
            "\n[^a]"
        };
    }

    /** The longest text of one part again and again. */
    @MethodSource("hostile")
    @FuzzTest
    void repeated(@NotNull String text) {
        var parts = text.split("\n", 2);
        var part = parts[parts.length - 1];
        if (!part.isEmpty() && text.length() < 100) {
            assertQuick(parts.length == 1 ? "" : parts[0] + "\n", part);
        }
    }

    static String[] tables() {
        var columns = LONGEST / 12;
        return new String[] {
            "|a".repeat(columns) + "\n" + "|-".repeat(columns) + "\n" + "a|\n".repeat((LONGEST - 4 * columns) / 3 - 1),
            "|a".repeat(600) + "\n" + "|-".repeat(600) + "\n" + "a|\n".repeat((LONGEST - 2400) / 3 - 1),
            ("|a".repeat(100) + "\n" + "|-".repeat(100) + "\n" + "a|\n".repeat(1000) + "\n").repeat(LONGEST / 3403)
        };
    }

    /** Rows that are shorter than their table's head are filled up, so that few characters ask for many cells. */
    @ParameterizedTest
    @MethodSource("tables")
    void tableCostsNoMoreThanItsText(String markdown) {
        assertThat(markdown.length()).isBetween(LONGEST / 2, LONGEST);
        var html = render(markdown, null);
        assertThat(html == null ? 0 : html.length()).isLessThan(40 * LONGEST);
    }

    private static void assertQuick(String beginning, String part) {
        var length = LONGEST - beginning.length();
        var markdown = beginning + part.repeat(length / part.length());
        var threads = ManagementFactory.getThreadMXBean();
        // Not by the clock on the wall: others may be at work here.
        var before = threads.getCurrentThreadCpuTime();
        render(markdown, null);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before))
                .as(() -> new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isLessThan(TIMEOUT);
    }

    private static @Nullable String render(String markdown, @Nullable String home) {
        try {
            return Markdown.render(markdown, home).html();
        } catch (ProblemException refusal) {
            assertThat(refusal).hasMessageContaining("body");
            return null;
        }
    }
}
