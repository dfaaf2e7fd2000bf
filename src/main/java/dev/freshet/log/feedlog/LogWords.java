package dev.freshet.log.feedlog;

import org.jspecify.annotations.Nullable;

/**
 * The words of an entry, each as a {@code tsvector} in the text form of PostgreSQL.
 *
 * @param now the words of the article after the change; null for a withdrawal
 * @param before its words before the change, where readers knew the article
 */
public record LogWords(
        long seq, @Nullable String now, @Nullable String before) {}
