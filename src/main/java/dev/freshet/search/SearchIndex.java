package dev.freshet.search;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds searches that a document may match by its words, not by trying each search. A search is filed under the clues that
 * its rarest required word gives. So the cost of a document hardly depends on the number of searches. For use by one
 * thread.
 *
 * @param <T> an object that has a search
 */
public final class SearchIndex<T> {

    private final Shelf<T> words = new Shelf<>();
    private final Shelf<T> prefixes = new Shelf<>();

    public boolean isEmpty() {
        return words.filed.isEmpty() && prefixes.filed.isEmpty();
    }

    /** Adds an object, which must not be in the index. */
    public void add(SearchQuery search, T object) {
        search.clues().forEach(clue -> shelf(clue).add(clue.text(), object));
    }

    /** Removes an object with the search that it was added with, or an equal one. */
    public void remove(SearchQuery search, T object) {
        search.clues().forEach(clue -> shelf(clue).remove(clue.text(), object));
    }

    private Shelf<T> shelf(Clue clue) {
        return clue.isPrefix() ? prefixes : words;
    }

    /** Returns the objects whose search may match a document: all that do, and some that don't. */
    public Set<T> candidates(SearchDocument document) {
        var candidates = new LinkedHashSet<T>();
        var bytes = document.bytes();
        for (var i = 0; i < document.size(); i++) {
            var start = document.startOfWord(i);
            var end = document.end(i);
            var hash = 0;
            for (var at = start; at < end; at++) {
                hash = WordFilter.hash(hash, bytes[at]);
                prefixes.addTo(candidates, hash, bytes, start, at + 1);
            }
            words.addTo(candidates, hash, bytes, start, end);
        }
        return candidates;
    }

    /** Objects by words. */
    private static final class Shelf<T> {

        private final Map<String, Set<T>> filed = new HashMap<>();
        // Excludes nearly all absent words, by their bytes alone.
        private final WordFilter filter = new WordFilter(filed.keySet());

        void add(String word, T object) {
            if (filed.merge(word, Set.of(object), Shelf::with).size() == 1) {
                filter.added(word);
            }
        }

        void remove(String word, T object) {
            filed.computeIfPresent(word, (text, objects) -> {
                var rest = without(objects, object);
                return rest.isEmpty() ? null : rest;
            });
        }

        void addTo(Set<T> candidates, int hash, byte[] bytes, int start, int end) {
            if (filter.mayContain(hash)) {
                candidates.addAll(
                        filed.getOrDefault(new String(bytes, start, end - start, StandardCharsets.UTF_8), Set.of()));
            }
        }

        // Most words have one object. An immutable set of one takes a tenth of the memory of another.
        private static <T> Set<T> with(Set<T> objects, Set<T> added) {
            if (objects.containsAll(added)) {
                return objects;
            }
            var several = objects.size() == 1 ? new LinkedHashSet<>(objects) : objects;
            several.addAll(added);
            return several;
        }

        private static <T> Set<T> without(Set<T> objects, T object) {
            if (objects.size() > 1) {
                objects.remove(object);
                return objects;
            }
            return objects.contains(object) ? Set.of() : objects;
        }
    }
}
