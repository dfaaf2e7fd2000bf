package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.StoredWords;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchDocumentTests {

    private static final int MEGABYTE = 1024 * 1024;

    /** Texts that could take much time or memory. */
    static List<String> hostileTexts() {
        var random = new Random(22);
        return List.of(
                "a".repeat(MEGABYTE),
                "\uFDFA".repeat(MEGABYTE / 4),
                "a'".repeat(MEGABYTE / 2),
                "a-".repeat(MEGABYTE / 2),
                "a_".repeat(MEGABYTE / 2),
                "_".repeat(MEGABYTE),
                "1,".repeat(MEGABYTE / 2),
                "'\\".repeat(MEGABYTE / 2),
                "漢".repeat(MEGABYTE / 4),
                "กา".repeat(MEGABYTE / 4),
                "e\u0301\u0302".repeat(MEGABYTE / 4),
                "\u0301".repeat(MEGABYTE / 2),
                "ก" + "\u0E31".repeat(MEGABYTE / 2),
                "\uD83D".repeat(MEGABYTE / 2),
                "𝒳".repeat(MEGABYTE / 4),
                "\"א".repeat(MEGABYTE / 2),
                random.ints(MEGABYTE / 2, 0, 0x20000)
                        .filter(c -> c != 0)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()));
    }

    /** An article of more lexemes than PostgreSQL would store. */
    static String manyLexemes() {
        return SearchVector.of(words(26 * 26 * 26), words(2 * 26 * 26 * 26), words(3 * 26 * 26 * 26), "fr");
    }

    private static String words(int first) {
        return IntStream.range(first, first + 26 * 26 * 26)
                .mapToObj(i -> "öä" + letters(i))
                .collect(Collectors.joining(" "));
    }

    private static String letters(int number) {
        return Integer.toString(number, 26)
                .chars()
                .mapToObj(digit -> Character.toString(digit < 'a' ? digit - '0' + 'a' : digit - 'a' + 'k'))
                .collect(Collectors.joining());
    }

    @Test
    void documentIsBounded_whateverTheText() {
        for (var text : hostileTexts()) {
            var vector = SearchVector.of(text, text, text, "de");
            assertThat(vector.length()).isLessThan(4 * MEGABYTE);
        }
    }

    @Test
    void vectorHasPositionsWithWeights() {
        assertThat(SearchVector.of("Otter", "", "otter", "xx"))
                .contains("'otter':1A,4C")
                .doesNotContain("~");
    }

    @Test
    void wordsInMemoryEqualThoseOfPostgres() {
        for (var text : hostileTexts()) {
            var words = SearchVector.words("Don't\\stop", text, "été " + text, "fr");
            assertThat(words.document())
                    .hasToString(
                            SearchDocument.read(StoredWords.of(words.vector())).toString());
        }
        var words = SearchVector.words("Otter's \\ été", "otter", "the otter of the été", "en");
        for (var q : List.of("title:otter", "\"the otter\"", "title:the", "ete", "été", "ott*", "\"otter été\"")) {
            assertThat(SearchQuery.parse(q).matches(words.document()))
                    .as(q)
                    .isEqualTo(SearchQuery.parse(q).matches(SearchDocument.read(StoredWords.of(words.vector()))));
        }
    }

    @Test
    void quotesAndBackslashesAreDoubled() {
        assertThat(Lexeme.quoted("don't \\ stop")).isEqualTo("'don''t \\\\ stop'");
    }

    @Test
    void phraseDoesNotSpanTitleAndBody() {
        var document = StoredWords.document("old", "", "gauge", "en");
        assertThat(SearchQuery.parse("\"old gauge\"").matches(document)).isFalse();
    }
}
