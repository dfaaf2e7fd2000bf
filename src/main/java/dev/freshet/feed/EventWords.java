package dev.freshet.feed;

import dev.freshet.log.feedlog.LogWords;
import dev.freshet.search.SearchDocument;
import org.jspecify.annotations.Nullable;

/**
 * The words of an event's article, which searches test.
 *
 * @param now its words after the change; null for a withdrawal
 * @param before its words before the change, where readers knew the article
 */
public record EventWords(
        @Nullable SearchDocument now, @Nullable SearchDocument before) {

    /** Parses words of the log, for some milliseconds if they are many. */
    public static EventWords parse(LogWords words) {
        return new EventWords(parse(words.now()), parse(words.before()));
    }

    private static @Nullable SearchDocument parse(@Nullable String vector) {
        return vector == null ? null : SearchDocument.parse(vector);
    }

    /** Returns the approximate memory in bytes. */
    public long memory() {
        return (now == null ? 0 : now.memory()) + (before == null ? 0 : before.memory());
    }
}
