package dev.freshet.read.page;

import dev.freshet.content.article.Article;
import dev.freshet.platform.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The selected fields of articles on a page.
 *
 * @param names field names of {@link Article}, in its order and without duplicates, so that equal selections are equal
 *      however they are spelled
 */
public record Fields(List<String> names) {

    private static final List<String> CONTENT = List.of("body", "html");

    /** All fields. */
    public static final Fields FULL = new Fields(Article.fieldNames());

    /** All except {@code body} and {@code html}. */
    public static final Fields SUMMARY = new Fields(
            FULL.names.stream().filter(name -> !CONTENT.contains(name)).toList());

    public Fields {
        names = List.copyOf(names);
    }

    /**
     * Parses the parameter {@code fields}: {@code summary} or empty, {@code full}, or names of fields separated by
     * commas.
     */
    public static Fields parse(String text) {
        return switch (text) {
            case "", "summary" -> SUMMARY;
            case "full" -> FULL;
            default ->
                selected(Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet()));
        };
    }

    private static Fields selected(Set<String> requested) {
        var unknown = requested.stream()
                .filter(name -> !FULL.names.contains(name))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw Problem.INVALID_REQUEST.because(
                    "fields must be full, summary, or some of " + String.join(",", FULL.names) + ".");
        }
        return new Fields(FULL.names.stream().filter(requested::contains).toList());
    }

    /** Returns whether {@code body} or {@code html} is selected. */
    public boolean content() {
        return names.stream().anyMatch(CONTENT::contains);
    }

    /** Returns the form that {@link #parse} accepts. */
    @Override
    public String toString() {
        return equals(SUMMARY) ? "summary" : equals(FULL) ? "full" : String.join(",", names);
    }
}
