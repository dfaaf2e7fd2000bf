package dev.freshet.search;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A parsed search. It has the same meaning in memory, {@link #matches}, and in PostgreSQL, {@link #query}. Immutable.
 */
public final class SearchQuery {

    /** Any of them must match. */
    private final List<Branch> branches;

    SearchQuery(List<Branch> branches) {
        this.branches = List.copyOf(branches);
    }

    /**
     * Parses a search.
     *
     * @return throws the problem of a search that no article can match: one of excluded words or stop words alone
     */
    public static SearchQuery parse(String q) {
        return new QueryParser(q).parse();
    }

    /** Returns whether a document matches. */
    public boolean matches(SearchDocument document) {
        for (var branch : branches) {
            if (branch.matches(document)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the estimated share of documents that match, from 0 to 1.
     *
     * @param shares the shares of documents by lexeme; those of rare ones are absent
     */
    public double share(Map<String, Double> shares) {
        return Math.min(
                1, branches.stream().mapToDouble(branch -> branch.share(shares)).sum());
    }

    /** Returns the search in the input form of PostgreSQL's type {@code tsquery}. */
    public String query() {
        return query(ArticleLanguages.ALL);
    }

    /** Returns the same for articles in some languages alone. */
    public String query(ArticleLanguages languages) {
        return branches.stream().map(branch -> branch.query(languages)).collect(Collectors.joining(" | "));
    }

    /** Adds the lexemes that it finds, and the beginnings of lexemes. */
    void addWords(Set<String> lexemes, Set<String> beginnings) {
        branches.forEach(branch -> branch.required().forEach(term -> term.addWords(lexemes, beginnings)));
    }

    /** Returns clues, of which each document that matches has one. */
    Set<Clue> clues() {
        return branches.stream().flatMap(branch -> branch.clues().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Terms that {@code or} separates from others.
     *
     * @param required at least one
     */
    record Branch(List<Term> required, List<Term> excluded) {

        boolean matches(SearchDocument document) {
            for (var term : required) {
                if (!term.matches(document)) {
                    return false;
                }
            }
            for (var term : excluded) {
                if (term.matches(document)) {
                    return false;
                }
            }
            return true;
        }

        List<Clue> clues() {
            return Clue.rarest(required.stream().map(Term::clues).toList());
        }

        double share(Map<String, Double> shares) {
            // As if each word was independent of the others.
            return required.stream()
                    .mapToDouble(term -> Math.min(1, term.share(shares)))
                    .reduce(1, (a, b) -> a * b);
        }

        String query(ArticleLanguages languages) {
            var required =
                    this.required.stream().map(term -> term.query(languages)).collect(Collectors.joining(" & "));
            return excluded.stream()
                    .map(term -> " & !" + term.query(languages))
                    .collect(Collectors.joining("", required, ""));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SearchQuery search && branches.equals(search.branches);
    }

    @Override
    public int hashCode() {
        return branches.hashCode();
    }

    @Override
    public String toString() {
        return query();
    }
}
