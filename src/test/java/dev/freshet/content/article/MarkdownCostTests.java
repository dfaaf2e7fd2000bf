package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The time to render a text grows with its length alone. */
@Order(1)
@Timeout(600)
class MarkdownCostTests {

    private static final int MAX_LENGTH = 524_288;
    // A quadratic cost is as visible in a part of the text, which takes a part of the time.
    private static final int PART = 8;
    private static final Duration MAX_COST = TIMEOUT.dividedBy(PART * PART);

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
            "\n[^a]",
            "\n# a\n",
            "[TOC]\n\n# a\n",
            "\n> ",
            "\n[",
            "\n![]([",
            "\n*a **a ",
            "\n<div>",
            "\n- ",
            "\n`",
            "\n([",
            "\n_*",
            "\n<",
            "\n<a",
            "\n<!--a>",
            "\n<?a>",
            "\n<![CDATA[a>",
            "\n|",
            "\n&",
            "\nhttps://",
            "\n~~a",
            "\n<object>a</object>",
            "\n<iframe src=a></iframe>",
            "\n<video src=http://a></video>",
            "\n<video src=http://a>",
            "\n<blockquote data-embed-url=//a.a/@a/1234567890>"
        };
    }

    /** A long text of one part again and again. */
    @MethodSource("hostile")
    @ParameterizedTest
    void repeatedPartCostsNoMoreThanItsLength(String text) {
        var parts = text.split("\n", 2);
        assertQuick(parts.length == 1 ? "" : parts[0] + "\n", parts[parts.length - 1]);
    }

    static String[] tables() {
        var columns = MAX_LENGTH / 12;
        return new String[] {
            "|a".repeat(columns) + "\n" + "|-".repeat(columns) + "\n"
                    + "a|\n".repeat((MAX_LENGTH - 4 * columns) / 3 - 1),
            "|a".repeat(600) + "\n" + "|-".repeat(600) + "\n" + "a|\n".repeat((MAX_LENGTH - 2400) / 3 - 1),
            ("|a".repeat(100) + "\n" + "|-".repeat(100) + "\n" + "a|\n".repeat(1000) + "\n").repeat(MAX_LENGTH / 3403)
        };
    }

    /** Rows that are shorter than their table's head are filled up, so that few characters produce many cells. */
    @ParameterizedTest
    @MethodSource("tables")
    void tableCostsNoMoreThanItsText(String markdown) {
        assertThat(markdown.length()).isBetween(MAX_LENGTH / 2, MAX_LENGTH);
        var html = MarkdownFuzzTests.render(markdown);
        assertThat(html == null ? 0 : html.length()).isLessThan(40 * MAX_LENGTH);
    }

    static void assertQuick(String beginning, String part) {
        var length = MAX_LENGTH / PART - beginning.length();
        var markdown = beginning + part.repeat(length / part.length());
        var cost = cost(markdown);
        // On a busy machine, the first measurement may be of interpreted code, which takes dozens of times as long.
        for (var again = 0; again < 2 && cost.compareTo(MAX_COST) > 0; again++) {
            cost = cost(markdown);
        }
        assertThat(cost)
                .as(() -> new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isLessThanOrEqualTo(MAX_COST);
    }

    /** Returns the processor time of a rendering, since others may be at work here. */
    private static Duration cost(String markdown) {
        var threads = ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadCpuTime();
        MarkdownFuzzTests.render(RelativeLinks.resolve(markdown, "https://e.example/"));
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
    }
}
