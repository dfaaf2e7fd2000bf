package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.MadeUpWords;
import dev.freshet.testing.StoredWords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches that are found by the words of a document. */
class SearchIndexTests {

    private static final List<String> WORDS = List.of("heron", "otter", "gauge", "mill", "river");
    private static final List<String> SEARCHES =
            List.of("heron", "heron otter", "otter or gauge", "mil*", "riv* heron", "\"mill river\"", "gau* or otter");

    private final SearchIndex<String> index = new SearchIndex<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void candidatesIncludeAllMatches(long seed) {
        var random = new Random(seed);
        var added = new ArrayList<String>();
        for (var i = 0; i < 200; i++) {
            if (added.isEmpty() || random.nextInt(3) > 0) {
                var object = SEARCHES.get(random.nextInt(SEARCHES.size())) + "#" + i;
                index.add(search(object), object);
                added.add(object);
            } else {
                var object = added.remove(random.nextInt(added.size()));
                index.remove(search(object), object);
            }
            var text = IntStream.range(0, 4)
                    .mapToObj(k -> WORDS.get(random.nextInt(WORDS.size())))
                    .collect(Collectors.joining(" "));
            var document = StoredWords.document("", "", text, "en");
            var candidates = index.candidates(document);
            assertThat(new HashSet<>(added)).as(text).containsAll(candidates);
            assertThat(candidates)
                    .as(text)
                    .containsAll(added.stream()
                            .filter(object -> search(object).matches(document))
                            .toList());
        }
        added.forEach(object -> index.remove(search(object), object));
        assertThat(index.isEmpty()).isTrue();
    }

    @Test
    void objectWithSeveralSearchesIsACandidateOnce() {
        for (var q : List.of("heron", "heron or otter", "her*")) {
            index.add(SearchQuery.parse(q), "feed");
        }
        assertThat(index.candidates(StoredWords.document("", "", "herons and otters", "en")))
                .containsExactly("feed");
        for (var q : List.of("heron", "heron or otter", "her*")) {
            index.remove(SearchQuery.parse(q), "feed");
        }
        assertThat(index.isEmpty()).isTrue();
        assertThat(index.candidates(StoredWords.document("", "", "herons", "en")))
                .isEmpty();
    }

    @Test
    void manySearchesAreFoundByTheirStems() {
        var stems = IntStream.range(0, 500).mapToObj(MadeUpWords::of).toList();
        stems.forEach(stem -> index.add(search(stem + "s"), stem));
        assertThat(stems)
                .allSatisfy(stem -> assertThat(index.candidates(StoredWords.document("", "", stem, "en")))
                        .contains(stem));
    }

    @Test
    void stemOfSeveralLanguagesIsFoundInEach() {
        // Its stem is the same in Indonesian as that of the next in English.
        index.add(SearchQuery.parse("mebebex"), "Indonesian");
        index.add(SearchQuery.parse("bebexs"), "English");
        assertThat(index.candidates(StoredWords.document("", "", "bebex", "en")))
                .containsExactly("English");
    }

    @Test
    void searchIsFiledUnderItsLongestWord() {
        index.add(SearchQuery.parse("mill nations"), "feed");
        assertThat(index.candidates(StoredWords.document("", "", "mill", "en"))).isEmpty();
        assertThat(index.candidates(StoredWords.document("", "", "nation", "en")))
                .containsExactly("feed");
    }

    @Test
    void stemOfAnotherLanguageFindsNothing() {
        // By a rule of Indonesian, the stem is "gibex".
        index.add(SearchQuery.parse("megibex"), "feed");
        assertThat(index.candidates(StoredWords.document("", "", "gibex", "en")))
                .isEmpty();
        assertThat(index.candidates(StoredWords.document("", "", "gibex", "id")))
                .containsExactly("feed");
    }

    private static SearchQuery search(String object) {
        return SearchQuery.parse(object.replaceFirst("#.*", ""));
    }
}
