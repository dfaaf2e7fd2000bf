package dev.freshet.feed;

import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.search.SearchDocument;
import dev.freshet.search.SearchQuery;
import org.jspecify.annotations.Nullable;

/**
 * A feed with its search parsed, to test many events. {@link Feed#condition} is the same rule in SQL. Immutable.
 *
 * @param search null for a feed without a search
 */
public record FeedRule(Feed feed, @Nullable SearchQuery search) {

    public static FeedRule of(Feed feed) {
        return new FeedRule(feed, feed.q() == null ? null : SearchQuery.parse(feed.q()));
    }

    /**
     * Returns the effect of an event on the feed, which must not be personal.
     *
     * @param words may be null for a feed without a search
     */
    public FeedEffect effect(LogEntry event, @Nullable EventWords words) {
        var after = event.type() != EventType.WITHDRAWN
                && feed.matches(event.now())
                && matches(words == null ? null : words.now());
        var before = feed.matches(event.before()) && matches(words == null ? null : words.before());
        return FeedEffect.of(before, after);
    }

    private boolean matches(@Nullable SearchDocument words) {
        return search == null || (words != null && search.matches(words));
    }
}
