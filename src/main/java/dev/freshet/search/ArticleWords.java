package dev.freshet.search;

import org.jspecify.annotations.Nullable;

/**
 * The words of an article. Equal if PostgreSQL stores the same.
 *
 * @param vector the result of {@link SearchVector#of}
 * @param document the same words, for searches in memory
 */
public record ArticleWords(String vector, SearchDocument document) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ArticleWords words && vector.equals(words.vector);
    }

    @Override
    public int hashCode() {
        return vector.hashCode();
    }
}
