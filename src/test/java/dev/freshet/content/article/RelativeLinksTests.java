package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts from elsewhere keep their links and images. */
class RelativeLinksTests {

    private static final String BASE = "https://blog.example/2024/post/";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "[a](b.html), [a](https://blog.example/2024/post/b.html)",
                "[a](<b c.html> \"t\"), [a](<https://blog.example/2024/post/b%20c.html> \"t\")",
                "[../x]( ../x ), [../x]( https://blog.example/2024/x )",
                "![i](/i.png), ![i](https://blog.example/i.png)",
                "[![i](i.png)](i.png), [![i](https://blog.example/2024/post/i.png)](https://blog.example/2024/post/i.png)",
                "[a]: a.html, [a]: https://blog.example/2024/post/a.html",
                "*<img src='i.png'>*, *<img src='https://blog.example/2024/post/i.png'>*",
                "//cdn.example/x [a](//cdn.example/x), //cdn.example/x [a](https://cdn.example/x)"
            })
    void relativeAddressesBecomeAbsolute(String markdown, String resolved) {
        assertThat(RelativeLinks.resolve(markdown, BASE)).isEqualTo(resolved);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a](https://e.example/) <https://e.example/> [b](mailto:a@e.example)",
                "[a](#part) `[a](b)` \\[a](b)",
                "```\n[a](b)\n```",
                "![own](/images/0123456789abcdef0123456789abcdef.png)",
                "[a]() [b][c] [d]"
            })
    void otherTextStays(String markdown) {
        assertThat(RelativeLinks.resolve(markdown, BASE)).isEqualTo(markdown);
    }

    @Test
    void linksOfAllBlocksAreFound() {
        var markdown = """
                # [h](h)

                > [q](q)
                > - ![l](l) [r][ref]

                | [t](t) |
                |---|
                | ![c](c) |

                Note[^1].

                <div>
                <a href="d">x</a> <video poster="p" src='v'></video>
                </div>

                [^1]: [n](n)

                [ref]: r
                """;

        var resolved = Jsoup.parse(
                Markdown.render(RelativeLinks.resolve(markdown, BASE), false).html());
        assertThat(resolved.select("[href]:not([href^=#])").eachAttr("href"))
                .containsExactlyInAnyOrder(BASE + "h", BASE + "q", BASE + "r", BASE + "t", BASE + "d", BASE + "n");
        assertThat(resolved.select("img, video").eachAttr("src"))
                .containsExactlyInAnyOrder(BASE + "l", BASE + "c", BASE + "v");
        assertThat(resolved.select("video").attr("poster")).isEqualTo(BASE + "p");
    }

    @Test
    void textOfAnyNestingIsReturned() {
        var markdown = "![".repeat(20_000) + "](a)".repeat(20_000);
        assertThat(RelativeLinks.resolve(markdown, BASE)).isNotEmpty();
    }
}
