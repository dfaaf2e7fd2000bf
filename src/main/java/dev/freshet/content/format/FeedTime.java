package dev.freshet.content.format;

import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The time of a feed or of one of its entries.
 *
 * @param instant null if there is no readable time
 * @param unreadable the first text that is not a time; null if none is
 */
record FeedTime(@Nullable Instant instant, @Nullable String unreadable) {

    /** Returns the first readable of these texts, which may be blank. */
    static FeedTime of(Stream<String> texts) {
        @Nullable String unreadable = null;
        for (var text : (Iterable<String>) texts.filter(each -> !each.isBlank())::iterator) {
            var instant = FeedTimes.parse(text);
            if (instant != null) {
                return new FeedTime(instant, unreadable);
            }
            unreadable = unreadable == null ? text.strip() : unreadable;
        }
        return new FeedTime(null, unreadable);
    }
}
