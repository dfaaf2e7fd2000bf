package dev.freshet.search;

import com.github.benmanes.caffeine.cache.Interner;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A condition on a document: the same in memory as in PostgreSQL. */
sealed interface Term {

    boolean matches(SearchDocument document);

    /** Returns the estimated share of documents that match, by the shares of lexemes. */
    double share(Map<String, Double> shares);

    /** Returns the condition in the input form of PostgreSQL's type {@code tsquery}. */
    String query(ArticleLanguages languages);

    /** Adds the lexemes that it finds, and the beginnings of lexemes. */
    void addWords(Set<String> lexemes, Set<String> beginnings);

    /** Returns clues, of which each document that matches has one. */
    List<Clue> clues();

    /**
     * Words at positions relative to each other; often only one word.
     *
     * @param slots from the first word to the last
     * @param title whether all must be in the title
     */
    record Phrase(List<Slot> slots, boolean title) implements Term {

        @Override
        public boolean matches(SearchDocument document) {
            if (slots.size() == 1) {
                return slots.getFirst().isIn(document, title);
            }
            var starts = starts(slots.getFirst(), document);
            for (var slot : slots) {
                if (starts.isEmpty()) {
                    return false;
                }
                starts.and(starts(slot, document));
            }
            return !starts.isEmpty();
        }

        /** Returns where the phrase may start, by one of its words. */
        private BitSet starts(Slot slot, SearchDocument document) {
            var starts = new BitSet();
            slot.forms()
                    .forEach(one -> document.addPositions(one.prefixes(), one.word(), slot.offset(), title, starts));
            return starts;
        }

        @Override
        public double share(Map<String, Double> shares) {
            return slots.stream().mapToDouble(slot -> slot.share(shares)).min().orElse(0);
        }

        @Override
        public void addWords(Set<String> lexemes, Set<String> beginnings) {
            slots.forEach(slot -> slot.lexemes().forEach(lexemes::add));
        }

        @Override
        public List<Clue> clues() {
            return Clue.rarest(slots.stream()
                    .map(slot -> slot.forms().stream()
                            .map(forms -> forms.clue(false))
                            .toList())
                    .toList());
        }

        @Override
        public String query(ArticleLanguages languages) {
            var query = new StringBuilder("(");
            for (var i = 0; i < slots.size(); i++) {
                if (i > 0) {
                    query.append(" <")
                            .append(slots.get(i).offset() - slots.get(i - 1).offset())
                            .append("> ");
                }
                query.append(anyOf(slots.get(i).lexemes(), languages, title ? ":A" : ""));
            }
            return query.append(')').toString();
        }
    }

    /**
     * A position of a phrase.
     *
     * @param offset its distance from the first position
     * @param forms any of their lexemes must be there
     */
    record Slot(int offset, List<Forms> forms) {

        // Thousands of searches in memory have the same words.
        private static final Interner<List<Forms>> SHARED = Interner.newWeakInterner();

        static Slot of(int offset, Collection<String> lexemes) {
            return new Slot(offset, SHARED.intern(Forms.of(lexemes)));
        }

        Stream<String> lexemes() {
            return forms.stream().flatMap(Forms::lexemes);
        }

        /**
         * Returns the estimated share of documents. An article has a word both as it is written and as the stem of one
         * language, so the shares of these are not added to each other.
         */
        double share(Map<String, Double> shares) {
            var each = lexemes()
                    .collect(Collectors.partitioningBy(
                            lexeme -> lexeme.indexOf(WordForms.STEM) >= 0,
                            Collectors.summingDouble(lexeme -> shares.getOrDefault(lexeme, 0.0))));
            return Math.max(Objects.requireNonNull(each.get(true)), Objects.requireNonNull(each.get(false)));
        }

        // A loop, since a stream would take longer than the look-ups.
        boolean isIn(SearchDocument document, boolean title) {
            for (var one : forms) {
                if (document.contains(one.prefixes(), one.word(), title)) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Lexemes that differ only in the prefix of their kind. A word has the same stem in most languages, so this takes a
     * tenth of the memory of the lexemes.
     *
     * @param word the lexemes without the prefixes
     * @param prefixes in the order in which a query has them
     */
    record Forms(String word, Set<String> prefixes) {

        private static final Interner<Set<String>> SHARED = Interner.newWeakInterner();

        static List<Forms> of(Collection<String> lexemes) {
            var byWord = lexemes.stream()
                    .collect(Collectors.groupingBy(
                            Lexeme::word,
                            LinkedHashMap::new,
                            Collectors.mapping(Lexeme::prefix, Collectors.toCollection(LinkedHashSet::new))));
            return byWord.entrySet().stream()
                    .map(entry ->
                            new Forms(entry.getKey(), SHARED.intern(Collections.unmodifiableSet(entry.getValue()))))
                    .toList();
        }

        Stream<String> lexemes() {
            return prefixes.stream().map(prefix -> prefix + word);
        }

        Clue clue(boolean isPrefix) {
            return new Clue(word, prefixes, isPrefix);
        }
    }

    /**
     * The beginning of a word.
     *
     * @param prefixes any of them must begin a lexeme
     */
    record Prefix(List<String> prefixes, boolean title) implements Term {

        @Override
        public boolean matches(SearchDocument document) {
            return prefixes.stream().anyMatch(prefix -> document.containsPrefix(prefix, title));
        }

        @Override
        public double share(Map<String, Double> shares) {
            return shares.entrySet().stream()
                    .filter(share -> prefixes.stream().anyMatch(share.getKey()::startsWith))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        }

        @Override
        public void addWords(Set<String> lexemes, Set<String> beginnings) {
            beginnings.addAll(prefixes);
        }

        @Override
        public List<Clue> clues() {
            return Forms.of(prefixes).stream().map(forms -> forms.clue(true)).toList();
        }

        @Override
        public String query(ArticleLanguages languages) {
            return anyOf(prefixes.stream(), languages, title ? ":*A" : ":*");
        }
    }

    /** Several terms, of which any must match. */
    record AnyOf(List<Term> terms) implements Term {

        @Override
        public boolean matches(SearchDocument document) {
            return terms.stream().anyMatch(term -> term.matches(document));
        }

        @Override
        public double share(Map<String, Double> shares) {
            return terms.stream().mapToDouble(term -> term.share(shares)).sum();
        }

        @Override
        public void addWords(Set<String> lexemes, Set<String> beginnings) {
            terms.forEach(term -> term.addWords(lexemes, beginnings));
        }

        @Override
        public List<Clue> clues() {
            return terms.stream().flatMap(term -> term.clues().stream()).toList();
        }

        @Override
        public String query(ArticleLanguages languages) {
            return terms.stream().map(term -> term.query(languages)).collect(Collectors.joining(" | ", "(", ")"));
        }
    }

    private static String anyOf(Stream<String> lexemes, ArticleLanguages languages, String suffix) {
        return lexemes.filter(languages::mayHave)
                .map(lexeme -> Lexeme.quoted(lexeme) + suffix)
                .collect(Collectors.joining(" | ", "(", ")"));
    }
}
