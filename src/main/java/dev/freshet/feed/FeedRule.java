package dev.freshet.feed;

import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.search.SearchDocument;
import dev.freshet.search.SearchQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feed with everything that decides on an event in memory. {@link Feed#condition} is the same rule in SQL. Immutable.
 *
 * @param search null for a feed without a search
 * @param selection what the account of a personal feed follows now; null for another feed
 */
public record FeedRule(
        Feed feed, @Nullable SearchQuery search, @Nullable Selection selection) {

    /**
     * Parses the search of a feed.
     *
     * @param selection what the account of a personal feed follows; ignored for another feed
     */
    public static FeedRule of(Feed feed, @Nullable Selection selection) {
        if (feed.isPersonal() && selection == null) {
            throw new IllegalArgumentException("A personal feed needs the selection of its account");
        }
        return new FeedRule(
                feed, feed.q() == null ? null : SearchQuery.parse(feed.q()), feed.isPersonal() ? selection : null);
    }

    /**
     * Returns feeds with at most one value per condition, and without a search. They contain all articles of this feed, and
     * possibly others.
     */
    public List<Feed> parts() {
        return selection == null ? feed.parts() : selection.followed().parts();
    }

    /**
     * Returns the effect of an event on the feed.
     *
     * @param words may be null for a feed without a search
     */
    public FeedEffect effect(LogEntry event, @Nullable EventWords words) {
        var after = event.type() != EventType.WITHDRAWN && matches(event.now(), words == null ? null : words.now());
        var before = matches(event.before(), words == null ? null : words.before());
        return FeedEffect.of(before, after);
    }

    private boolean matches(@Nullable Facets facets, @Nullable SearchDocument words) {
        return facets != null
                && feed.matches(facets)
                && (selection == null || selection.contains(facets))
                && (search == null || (words != null && search.matches(words)));
    }
}
