package dev.freshet.search;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds searches that a document may match by its words, not by trying each search. A search is filed under the clues that
 * its rarest required word gives. So the cost of a document hardly depends on the number of searches. For use by one
 * thread.
 *
 * @param <T> an object that has a search
 */
public final class SearchIndex<T> {

    private final Shelf<T> words = new Shelf<>((word, kinds) -> IntStream.of(WordFilter.hash(word)));
    // Apart from words, since a stem resembles words of which it is no stem.
    private final Shelf<T> stems =
            new Shelf<>((stem, kinds) -> kinds.stream().mapToInt(kind -> SearchDocument.hashOfLexeme(kind, stem)));
    private final Shelf<T> prefixes = new Shelf<>((prefix, kinds) -> IntStream.of(WordFilter.hash(prefix)));

    public boolean isEmpty() {
        return words.isEmpty() && stems.isEmpty() && prefixes.isEmpty();
    }

    /** Adds an object, which must not be in the index. */
    public void add(SearchQuery search, T object) {
        search.clues().forEach(clue -> shelf(clue).add(clue, object));
    }

    /** Removes an object with the search that it was added with, or an equal one. */
    public void remove(SearchQuery search, T object) {
        search.clues().forEach(clue -> shelf(clue).remove(clue, object));
    }

    private Shelf<T> shelf(Clue clue) {
        if (clue.isPrefix()) {
            return prefixes;
        }
        return clue.isStem() ? stems : words;
    }

    /** Returns the objects whose search may match a document: all that do, and some that don't. */
    public Set<T> candidates(SearchDocument document) {
        var candidates = new LinkedHashSet<T>();
        for (var i = 0; i < document.size(); i++) {
            if (words.mayContain(document.hashOfWord(i))) {
                words.addTo(candidates, document, i, document.end(i));
            }
            if (stems.mayContain(document.hashOfLexeme(i))) {
                stems.addTo(candidates, document, i, document.end(i));
            }
        }
        for (var i = 0; i < document.size() && !prefixes.isEmpty(); i++) {
            var hash = 0;
            for (var at = document.startOfWord(i); at < document.end(i); at++) {
                hash = WordFilter.hash(hash, document.bytes()[at]);
                if (prefixes.mayContain(hash)) {
                    prefixes.addTo(candidates, document, i, at + 1);
                }
            }
        }
        return candidates;
    }

    /**
     * Objects that a word finds if it is of certain kinds.
     *
     * @param kinds the prefixes of the kinds
     * @param next the objects that it finds by other kinds
     */
    private record Filed<T>(
            Set<String> kinds, Set<T> objects, @Nullable Filed<T> next) {

        static <T> Filed<T> with(@Nullable Filed<T> filed, Set<String> kinds, T object) {
            if (filed == null) {
                return new Filed<>(kinds, Set.of(object), null);
            }
            return filed.kinds.equals(kinds)
                    ? new Filed<>(kinds, with(filed.objects, object), filed.next)
                    : new Filed<>(filed.kinds, filed.objects, with(filed.next, kinds, object));
        }

        static <T> @Nullable Filed<T> without(@Nullable Filed<T> filed, Set<String> kinds, T object) {
            if (filed == null) {
                return null;
            }
            if (!filed.kinds.equals(kinds)) {
                return new Filed<>(filed.kinds, filed.objects, without(filed.next, kinds, object));
            }
            var rest = without(filed.objects, object);
            return rest.isEmpty() ? filed.next : new Filed<>(kinds, rest, filed.next);
        }

        static <T> boolean hasKinds(@Nullable Filed<T> filed, Set<String> kinds) {
            return filed != null && (filed.kinds.equals(kinds) || hasKinds(filed.next, kinds));
        }

        // Most words have one object. An immutable set of one takes a tenth of the memory of another.
        private static <T> Set<T> with(Set<T> objects, T added) {
            if (objects.contains(added)) {
                return objects;
            }
            var several = objects.size() == 1 ? new LinkedHashSet<>(objects) : objects;
            several.add(added);
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

    /** Objects by words. */
    private static final class Shelf<T> {

        private final Map<String, Filed<T>> filed = new HashMap<>();
        private final BiFunction<String, Set<String>, IntStream> hashes;
        // Excludes nearly all lexemes that are absent, by their hashes alone.
        private final WordFilter filter;

        /** @param hashes returns the hashes of a word of some kinds */
        Shelf(BiFunction<String, Set<String>, IntStream> hashes) {
            this.hashes = hashes;
            this.filter = new WordFilter(this::hashes);
        }

        private IntStream hashes() {
            return filed.entrySet().stream()
                    .flatMapToInt(entry -> Stream.iterate(entry.getValue(), Objects::nonNull, Filed::next)
                            .flatMapToInt(each -> hashes.apply(entry.getKey(), each.kinds())));
        }

        boolean isEmpty() {
            return filed.isEmpty();
        }

        void add(Clue clue, T object) {
            var before = filed.put(clue.word(), Filed.with(filed.get(clue.word()), clue.kinds(), object));
            if (!Filed.hasKinds(before, clue.kinds())) {
                hashes.apply(clue.word(), clue.kinds()).forEach(filter::added);
            }
        }

        void remove(Clue clue, T object) {
            filed.computeIfPresent(clue.word(), (word, objects) -> Filed.without(objects, clue.kinds(), object));
        }

        boolean mayContain(int hash) {
            return filter.mayContain(hash);
        }

        /** Adds the objects that a lexeme finds, of which the word or its beginning ends at an index in the bytes. */
        void addTo(Set<T> candidates, SearchDocument document, int lexeme, int end) {
            var start = document.startOfWord(lexeme);
            var word = new String(document.bytes(), start, end - start, StandardCharsets.UTF_8);
            for (var found = filed.get(word); found != null; found = found.next()) {
                if (found.kinds().contains(document.kind(lexeme))) {
                    candidates.addAll(found.objects());
                }
            }
        }
    }
}
