package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.freshet.platform.problem.ProblemException;
import java.util.List;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is called Markdown becomes HTML without anything that acts, in a time that grows with its length alone. */
@Timeout(600)
class MarkdownFuzzTests {

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
        for (var text : List.of(markdown, RelativeLinks.resolve(markdown, "https://example.org/a/b"))) {
            var html = render(text);
            if (html == null) {
                continue;
            }
            var document = Jsoup.parseBodyFragment(html, "https://reader.example/articles/1/a");
            document.outputSettings().prettyPrint(false);
            for (var element : document.body().select("*")) {
                assertThat(element.normalName())
                        .isNotIn("script", "style", "iframe", "object", "embed", "form", "svg", "math", "base");
                if (element.normalName().equals("input")) {
                    assertThat(element.attr("type")).isEqualTo("checkbox");
                    assertThat(element.hasAttr("disabled")).isTrue();
                }
                for (var attribute : element.attributes()) {
                    assertThat(attribute.getKey()).doesNotStartWith("on").isNotEqualTo("style");
                    if (attribute.getKey().equals("href") || attribute.getKey().equals("src")) {
                        assertThat(element.absUrl(attribute.getKey())).matches("(?is)(https?:|mailto:|ftp:).*");
                    }
                }
            }
            // A browser sees what was cleaned, not what its parser makes of it.
            assertThat(document.body().html()).isEqualTo(html);
        }
    }

    /** {@link MarkdownCostTests} has the known prefixes and parts. */
    @ValueSource(strings = "\nA\n")
    @FuzzTest
    void repeated(@NotNull String text) {
        var parts = text.split("\n", 2);
        var part = parts[parts.length - 1];
        if (!part.isEmpty() && text.length() < 100) {
            MarkdownCostTests.assertQuick(parts.length == 1 ? "" : parts[0] + "\n", part);
        }
    }

    static @Nullable String render(String markdown) {
        try {
            return Markdown.render(markdown, false).html();
        } catch (ProblemException refusal) {
            assertThat(refusal).hasMessageContaining("body");
            return null;
        }
    }
}
