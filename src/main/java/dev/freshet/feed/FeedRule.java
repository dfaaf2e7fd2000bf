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
 * @param selection the present selection of the account of a personal feed; null for another feed
 */
public record FeedRule(
        Feed feed, @Nullable SearchQuery search, @Nullable Selection selection) {

    /**
     * Parses the search of a feed.
     *
     * @param selection the present selection of the account of a personal feed; ignored for another feed
     */
    public static FeedRule of(Feed feed, @Nullable Selection selection) {
        if (feed.isPersonal() && selection == null) {
            throw new IllegalArgumentException("A personal feed needs the selection of its account");
        }
        return new FeedRule(
                feed, feed.q() == null ? null : SearchQuery.parse(feed.q()), feed.isPersonal() ? selection : null);
    }

    /**
     * Returns parts that contain all articles of this feed, except those that it has by saved searches alone. They may contain
     * others.
     */
    public List<FeedPart> parts() {
        return selection == null
                ? feed.parts().stream().map(FeedPart::of).toList()
                : selection.followed().parts();
    }

    /** Returns whether it tests the words of an event. */
    public boolean needsWords() {
        return search != null || (selection != null && !selection.searches().isEmpty());
    }

    /**
     * Returns the effect of an event on the feed.
     *
     * @param words may be null for a rule that does not need them
     */
    public FeedEffect effect(LogEntry event, @Nullable EventWords words) {
        var after = event.type() != EventType.WITHDRAWN && matches(event.now(), words == null ? null : words.now());
        var before = matches(event.before(), words == null ? null : words.before());
        return FeedEffect.of(before, after);
    }

    private boolean matches(@Nullable Facets facets, @Nullable SearchDocument words) {
        return facets != null
                && feed.matches(facets)
                && (selection == null || selection.contains(facets, words))
                && (search == null || (words != null && search.matches(words)));
    }
}
