package dev.freshet.search;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds searches that a document may match by its words, not by trying each search. A search is filed under the clues that
 * its rarest required word gives. So the cost of a document hardly depends on the number of searches. For use by one
 * thread.
 *
 * @param <T> an object that has a search
 */
public final class SearchIndex<T> {

    private final Map<String, Set<T>> byWord = new HashMap<>();
    private final Map<String, Set<T>> byPrefix = new HashMap<>();
    // Counts of the prefixes by length.
    private final TreeMap<Integer, Integer> prefixLengths = new TreeMap<>();

    public boolean isEmpty() {
        return byWord.isEmpty() && byPrefix.isEmpty();
    }

    /** Adds an object, which must not be in the index. */
    public void add(SearchQuery search, T object) {
        for (var clue : search.clues()) {
            if (clue.isPrefix() && !byPrefix.containsKey(clue.text())) {
                prefixLengths.merge(clue.text().length(), 1, Integer::sum);
            }
            (clue.isPrefix() ? byPrefix : byWord).merge(clue.text(), Set.of(object), SearchIndex::with);
        }
    }

    /** Removes an object with the search that it was added with, or an equal one. */
    public void remove(SearchQuery search, T object) {
        for (var clue : search.clues()) {
            (clue.isPrefix() ? byPrefix : byWord).computeIfPresent(clue.text(), (text, filed) -> {
                var rest = without(filed, object);
                if (!rest.isEmpty()) {
                    return rest;
                }
                if (clue.isPrefix()) {
                    prefixLengths.computeIfPresent(text.length(), (length, count) -> count == 1 ? null : count - 1);
                }
                return null;
            });
        }
    }

    // Most clues have one object. An immutable set of one takes a tenth of the memory of another.
    private static <T> Set<T> with(Set<T> filed, Set<T> added) {
        if (filed.containsAll(added)) {
            return filed;
        }
        var several = filed.size() == 1 ? new LinkedHashSet<>(filed) : filed;
        several.addAll(added);
        return several;
    }

    private static <T> Set<T> without(Set<T> filed, T object) {
        if (filed.size() > 1) {
            filed.remove(object);
            return filed;
        }
        return filed.contains(object) ? Set.of() : filed;
    }

    /** Returns the objects whose search may match a document: all that do, and some that don't. */
    public Set<T> candidates(SearchDocument document) {
        var candidates = new LinkedHashSet<T>();
        for (var i = 0; i < document.size(); i++) {
            var word = Lexeme.word(document.lexeme(i));
            addAll(byWord.get(word), candidates);
            if (!prefixLengths.isEmpty()) {
                for (var length : prefixLengths.headMap(word.length(), true).keySet()) {
                    addAll(byPrefix.get(word.substring(0, length)), candidates);
                }
            }
        }
        return candidates;
    }

    private static <T> void addAll(@Nullable Set<T> filed, Set<T> candidates) {
        if (filed != null) {
            candidates.addAll(filed);
        }
    }
}
