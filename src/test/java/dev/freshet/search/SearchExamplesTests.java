package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of examples, which native speakers extend. */
class SearchExamplesTests {

    private static final int MIN_EXAMPLES = 20;
    private static final double MIN_RIGHT = 0.95;

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "pt", "it", "ru", "ar", "he", "hi", "zh", "ja", "th", "ko", "tr"})
    void searchFindsWhatItsReaderExpects(String language) {
        var examples = SearchExample.all().stream()
                .filter(example -> example.language().equals(language))
                .toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(MIN_EXAMPLES);
        assertThat(describe(examples.stream()
                        .filter(example -> !example.known() && example.isFound() != example.expected())
                        .toList()))
                .as("unexpected results")
                .isEmpty();
    }

    @Test
    void knownLimitsAreFewAndStillExist() {
        var examples = SearchExample.all();
        var limits = examples.stream().filter(SearchExample::known).toList();
        assertThat(limits.size()).isLessThan((int) ((1 - MIN_RIGHT) * examples.size()));
        assertThat(describe(limits.stream()
                        .filter(example -> example.isFound() == example.expected())
                        .toList()))
                .as("limits that are overcome: remove their question marks")
                .isEmpty();
    }

    private static String describe(List<SearchExample> examples) {
        return examples.stream()
                .map(example ->
                        example + "\n  has " + example.document() + "\n  wants " + SearchQuery.parse(example.search()))
                .collect(Collectors.joining("\n"));
    }
}
