package dev.freshet.search;

import org.jspecify.annotations.Nullable;

/** The words of an article. Equal if PostgreSQL stores the same. */
public final class ArticleWords {

    private static final int LONG = 50_000;

    private final String vector;
    private final SearchVector words;

    ArticleWords(SearchVector words) {
        this.vector = words.text();
        this.words = words;
    }

    /** Returns the words in the input form of PostgreSQL's type {@code tsvector}, as {@link SearchVector#of} does. */
    public String vector() {
        return vector;
    }

    /** Returns whether {@link #document} takes more than a moment. */
    public boolean isLong() {
        return vector.length() > LONG;
    }

    /** Builds the same words for searches in memory, which few instances need for each article. */
    public SearchDocument document() {
        return words.document();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ArticleWords another && vector.equals(another.vector);
    }

    @Override
    public int hashCode() {
        return vector.hashCode();
    }

    @Override
    public String toString() {
        return vector;
    }
}
