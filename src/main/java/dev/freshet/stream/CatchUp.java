package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.Extent;
import dev.freshet.feedlog.FeedLog;
import dev.freshet.feedlog.Selected;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Reads the feed log in pages for subscribers that the ring can't serve. */
final class CatchUp {

    /** What one read gave. */
    sealed interface Page {

        /**
         * The next entries of the feed.
         *
         * @param entries in order
         * @param reached the seq up to which nothing of the feed is missing
         */
        record Entries(List<Selected> entries, long reached) implements Page {}

        /** The log no longer continues the position. */
        record Lost(Reset reason, Cursor end) implements Page {}
    }

    // How far one read looks for entries of a rare feed: bounds the time it holds its connection.
    private static final int WINDOW = 10_000;

    private final FeedLog feedLog;
    private final int events;

    CatchUp(FeedLog feedLog, int events) {
        this.feedLog = feedLog;
        this.events = events;
    }

    /**
     * Reads the next page of a feed. Never fails: while the log can't be read it tries again.
     *
     * @param after the position
     * @param to the last seq to look at
     */
    Mono<Page> read(Feed feed, Format format, Cursor after, long to) {
        var limit = format.content() ? Math.max(1, events / 8) : events;
        var end = Math.min(to, after.seq() + WINDOW);
        return feedLog.select(after.seq(), end, limit, feed.condition(), format.content())
                .collectList()
                // Looked at after the read: what is still there now was there then.
                .zipWhen(entries -> feedLog.extent())
                .map(read -> page(after, read.getT1(), read.getT2(), limit, end))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(5)));
    }

    private static Page page(Cursor after, List<Selected> entries, Extent extent, int limit, long end) {
        if (extent.epoch() != after.epoch()) {
            return new Page.Lost(Reset.UNKNOWN_HISTORY, extent.end());
        }
        if (extent.first() > after.seq() + 1) {
            return new Page.Lost(Reset.HISTORY_PRUNED, extent.end());
        }
        return new Page.Entries(
                entries,
                entries.size() < limit ? end : entries.getLast().entry().seq());
    }
}
