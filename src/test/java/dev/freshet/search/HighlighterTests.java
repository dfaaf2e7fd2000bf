package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HighlighterTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | heron | Two herons, one otter | Two [herons], one otter",
                "en | heron -otter | An otter and a heron | An otter and a [heron]",
                "en | \"grey heron\" or gau* | Grey herons & a <gauge> | [Grey] [herons] &amp; a &lt;[gauge]&gt;",
                "en | don't | I don’t know | I [don’t] know",
                "en | email | Your e-mail, please | Your [e-mail], please",
                "en | café | A Café and a cafeteria | A [Café] and a cafeteria",
                "de | Haus | Die Häuser am See | Die [Häuser] am See",
                "de | strasse | Auf der STRAẞE | Auf der [STRAẞE]",
                "fr | école | L’école de Nantes | [L’école] de Nantes",
                "ja | 天気 | 琵琶湖の天気は晴れ | 琵琶湖の[天気]は晴れ",
                "th | อาหาร | ร้านอาหารในเชียงราย | ร้าน[อาหาร]ในเชียงราย",
                "ar | زنجبار | السوق في زنجبار | السوق في [زنجبار]",
                "en | c++ | C and C++ and C# | C and [C++] and C#",
                "en | absent | Nothing & more | Nothing &amp; more"
            })
    void wordsOfTheSearchAreMarked(String language, String q, String text, String marked) {
        assertThat(new Highlighter(SearchQuery.parse(q)).title(text, language))
                .isEqualTo(marked.replace("[", "<mark>").replace("]", "</mark>"));
    }

    @Test
    void passageHasTheMostDifferentWords() {
        var filler = "Lorem ipsum dolor sit amet. ".repeat(20);
        var text = "A heron. " + filler + "The heron and the otter meet. " + filler + "An otter.";
        var passage = new Highlighter(SearchQuery.parse("heron otter")).passage(text, "en");
        assertThat(passage)
                .contains("The <mark>heron</mark> and the <mark>otter</mark> meet.")
                .startsWith("…")
                .endsWith("…")
                .hasSizeLessThan(300);
        assertThat(new Highlighter(SearchQuery.parse("absent")).passage(text, "en"))
                .isNull();
    }

    @Test
    void textStaysTheSameWithoutMarks() {
        var random = new Random(20_261_129);
        var examples = SearchExample.all();
        for (var i = 0; i < 2000; i++) {
            var example = examples.get(random.nextInt(examples.size()));
            var other = examples.get(random.nextInt(examples.size()));
            var text = example.text() + " " + other.text()
                    + List.of("", " \uD83D\uDE00", " e\u0301", " ﷺ").get(i % 4);
            var highlighter = new Highlighter(SearchQuery.parse(example.search()));
            var title = highlighter.title(text, example.language());
            assertThat(unmarked(title)).isEqualTo(text);
            var passage = highlighter.passage(text.repeat(8), example.language());
            if (passage != null) {
                assertThat(text.repeat(8)).contains(unmarked(passage).replaceAll("^…|…$", ""));
            }
        }
    }

    private static String unmarked(String html) {
        return html.replace("<mark>", "")
                .replace("</mark>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
