package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.platform.problem.ProblemException;
import dev.freshet.testing.StoredWords;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchQueryTests {

    private static final SearchDocument DOCUMENT =
            StoredWords.document("Herons at the lake", "A report", "The otter sleeps near an old gauge.", "en");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heron otter",
                "heron -beaver",
                "beaver or otter",
                "beaver heron or otter gauge",
                "OTTER OR beaver",
                "\"old gauge\"",
                "\"otter sleeps\" heron",
                "-\"gauge old\" otter",
                "ott*",
                "title:heron",
                "TITLE:lake title:\"the lake\"",
                "title:her*",
                "-title:otter otter",
                "the otter",
                "\"near an\"",
                "or otter",
                "otter or",
                "near (old) gauge!",
                "-- otter",
                "---otter",
                "\"old gauge",
                "otter:"
            })
    void searchFinds(String q) {
        assertThat(SearchQuery.parse(q).matches(DOCUMENT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heron beaver",
                "heron -otter",
                "\"gauge old\"",
                "\"lake report\"",
                "title:otter",
                "title:\"otter sleeps\"",
                "title:ott*",
                "otte",
                "tter*",
                "-title:heron otter"
            })
    void searchDoesNotFind(String q) {
        assertThat(SearchQuery.parse(q).matches(DOCUMENT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-otter | only excludes",
                "-otter -\"old gauge\" | only excludes",
                "otter or -gauge | only excludes",
                "the | too common",
                "the of and | too common",
                "otter or the | too common",
                "the -otter | too common",
                "!!! | no word",
                "\"\" | no word",
                "- | no word",
                "ot* | at least 3 letters"
            })
    void searchWithoutWord_isRefused(String q, String reason) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> SearchQuery.parse(q))
                .satisfies(problem -> assertThat(problem.getBody().getDetail()).contains(reason));
    }

    @Test
    void formsOfAWordAreCountedOnce() {
        var shares = Map.of("heron", 0.2, "en~heron", 0.25, "de~heron", 0.125, "otter", 0.5);
        assertThat(SearchQuery.parse("heron").share(shares)).isEqualTo(0.375);
        assertThat(SearchQuery.parse("heron otter").share(shares)).isEqualTo(0.1875);
        assertThat(SearchQuery.parse("heron or otter").share(shares)).isEqualTo(0.875);
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 200})
    void tooManyWordsAreRefused(int words) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> SearchQuery.parse("w ".repeat(words)));
    }
}
