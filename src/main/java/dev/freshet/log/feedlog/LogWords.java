package dev.freshet.log.feedlog;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The words of an entry, each as the result of PostgreSQL's function {@code tsvectorsend}.
 *
 * @param now the words of the article after the change; null for a withdrawal
 * @param before its words before the change, where readers knew the article
 */
public record LogWords(
        long seq, @Nullable ByteBuffer now, @Nullable ByteBuffer before) {}
