package dev.freshet.feed;

import dev.freshet.log.feedlog.LogWords;
import dev.freshet.search.SearchDocument;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The words of an event's article, which searches test.
 *
 * @param now its words after the change; null for a withdrawal
 * @param before its words before the change, where readers knew the article
 */
public record EventWords(
        @Nullable SearchDocument now, @Nullable SearchDocument before) {

    /** Reads words of the log. */
    public static EventWords of(LogWords words) {
        return new EventWords(document(words.now()), document(words.before()));
    }

    private static @Nullable SearchDocument document(@Nullable ByteBuffer vector) {
        return vector == null ? null : SearchDocument.read(vector);
    }

    /** Returns the approximate memory in bytes. */
    public long memory() {
        return (now == null ? 0 : now.memory()) + (before == null ? 0 : before.memory());
    }
}
