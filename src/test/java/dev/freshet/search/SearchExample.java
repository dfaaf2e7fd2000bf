package dev.freshet.search;

import dev.freshet.testing.StoredWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A line of the table of examples, {@code examples.txt}.
 *
 * @param language a BCP 47 tag
 * @param expected whether a reader expects that the search finds the text
 * @param known whether the search is known to do otherwise
 */
record SearchExample(String language, boolean expected, boolean known, String text, String search) {

    static List<SearchExample> all() {
        try (var file = Objects.requireNonNull(SearchExample.class.getResourceAsStream("examples.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(SearchExample::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SearchExample of(String line) {
        var parts = line.split(" \\| ", -1);
        if (parts.length != 4 || !parts[1].matches("(yes|no)\\??")) {
            throw new IllegalArgumentException("Not of the form: language | yes or no | text | search: " + line);
        }
        return new SearchExample(parts[0], parts[1].startsWith("yes"), parts[1].endsWith("?"), parts[2], parts[3]);
    }

    SearchDocument document() {
        return StoredWords.document("", "", text, language);
    }

    boolean isFound() {
        return SearchQuery.parse(search).matches(document());
    }
}
