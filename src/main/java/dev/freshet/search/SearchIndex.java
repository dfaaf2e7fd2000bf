package dev.freshet.search;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds searches that a document may match by its words, not by trying each search. A search is filed under the clues that
 * its rarest required word gives. So the cost of a document hardly depends on the number of searches. For use by one
 * thread.
 *
 * @param <T> an object that has a search
 */
public final class SearchIndex<T> {

    private final Map<String, Set<T>> byLexeme = new HashMap<>();
    private final Map<String, Set<T>> byPrefix = new HashMap<>();
    // Counts of the prefixes by length.
    private final TreeMap<Integer, Integer> prefixLengths = new TreeMap<>();

    public boolean isEmpty() {
        return byLexeme.isEmpty() && byPrefix.isEmpty();
    }

    /** Adds an object, which must not be in the index. */
    public void add(SearchQuery search, T object) {
        for (var clue : search.clues()) {
            var filed = (clue.isPrefix() ? byPrefix : byLexeme).computeIfAbsent(clue.text(), absent -> {
                if (clue.isPrefix()) {
                    prefixLengths.merge(clue.text().length(), 1, Integer::sum);
                }
                return new LinkedHashSet<>();
            });
            filed.add(object);
        }
    }

    /** Removes an object with the search that it was added with, or an equal one. */
    public void remove(SearchQuery search, T object) {
        for (var clue : search.clues()) {
            (clue.isPrefix() ? byPrefix : byLexeme).computeIfPresent(clue.text(), (text, filed) -> {
                filed.remove(object);
                if (!filed.isEmpty()) {
                    return filed;
                }
                if (clue.isPrefix()) {
                    prefixLengths.computeIfPresent(text.length(), (length, count) -> count == 1 ? null : count - 1);
                }
                return null;
            });
        }
    }

    /** Returns the objects whose search may match a document: all that do, and some that don't. */
    public Set<T> candidates(SearchDocument document) {
        var candidates = new LinkedHashSet<T>();
        for (var lexeme : document.lexemes()) {
            candidates.addAll(byLexeme.getOrDefault(lexeme, Set.of()));
            for (var length : prefixLengths.headMap(lexeme.length(), true).keySet()) {
                candidates.addAll(byPrefix.getOrDefault(lexeme.substring(0, length), Set.of()));
            }
        }
        return candidates;
    }
}
