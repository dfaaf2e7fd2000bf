package dev.freshet.delivery;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.SelectedEntry;
import dev.freshet.stream.ResetReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads events of a feed from the log. Subscriptions of one feed at the same place share a read. */
final class EventReader {

    /** The result of a read. */
    sealed interface Page {

        /**
         * The next events.
         *
         * @param events in order
         * @param reached the seq up to which nothing of the feed is missing
         * @param withdrawals to be passed to {@link #isCurrent}
         */
        record Events(List<SelectedEntry> events, long reached, int withdrawals) implements Page {}

        /** The log no longer continues the position. */
        record Lost(ResetReason reason, Cursor end) implements Page {}
    }

    // Entries that one read scans, at most: bounds the time for which a rare feed holds a connection.
    private static final int MAX_SCANNED_ENTRIES = 10_000;
    private static final int MAX_EVENTS = 100;
    private static final int MAX_EVENTS_WITH_CONTENT = 10;
    // Long enough for the subscriptions that one event wakes.
    private static final Duration PAGE_TTL = Duration.ofSeconds(2);
    /** Far longer than a read takes. Ends one whose connection is silent, for all that share it. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private static final long MAX_CACHED_BYTES = 16 * 1024 * 1024;

    /** @param withdrawals so that no page from before a withdrawal is found after it */
    private record Place(Feed feed, boolean content, long epoch, long after, long to, int withdrawals) {}

    private final FeedLog feedLog;
    private final Scheduler time;
    private final AtomicInteger withdrawals = new AtomicInteger();
    private final AsyncCache<Place, List<SelectedEntry>> pages = Caffeine.newBuilder()
            .maximumWeight(MAX_CACHED_BYTES)
            .<Place, List<SelectedEntry>>weigher((place, page) -> size(page))
            .expireAfterWrite(PAGE_TTL)
            .buildAsync();

    EventReader(FeedLog feedLog, Scheduler time) {
        this.feedLog = feedLog;
        this.time = time;
    }

    /**
     * Reads the events after a position.
     *
     * @param tail the end of the log as this instance knows it
     */
    Mono<Page> read(Feed feed, boolean content, Cursor after, Cursor tail) {
        var known = withdrawals.get();
        var to = after.epoch() == tail.epoch() ? Math.min(tail.seq(), after.seq() + MAX_SCANNED_ENTRIES) : after.seq();
        var limit = content ? MAX_EVENTS_WITH_CONTENT : MAX_EVENTS;
        var place = new Place(feed, content, after.epoch(), after.seq(), to, known);
        var entries = to <= after.seq()
                ? Mono.just(List.<SelectedEntry>of())
                : Mono.fromFuture(
                        () -> pages.get(
                                place, (absent, executor) -> load(absent, limit).toFuture()),
                        true);
        // The extent is read after the entries: history that is still there now was there then.
        return entries.zipWhen(read -> feedLog.extent().timeout(READ_TIMEOUT, time), (read, extent) -> {
            if (extent.epoch() != after.epoch() || extent.last() < after.seq()) {
                return new Page.Lost(ResetReason.UNKNOWN_HISTORY, extent.end());
            }
            if (extent.first() > after.seq() + 1) {
                return new Page.Lost(ResetReason.HISTORY_PRUNED, extent.end());
            }
            var reached = read.size() < limit ? to : read.getLast().entry().seq();
            return new Page.Events(read, Math.max(reached, after.seq()), known);
        });
    }

    private Mono<List<SelectedEntry>> load(Place place, int limit) {
        return feedLog.select(place.after(), place.to(), limit, place.feed().condition(), place.content())
                .collectList()
                .timeout(READ_TIMEOUT, time);
    }

    private static int size(List<SelectedEntry> page) {
        var bytes = page.stream()
                .mapToLong(selected -> {
                    var content = selected.entry().content();
                    return 200L + selected.entry().article().length() + (content == null ? 0 : content.length());
                })
                .sum();
        return (int) Math.min(Integer.MAX_VALUE, 100 + bytes);
    }

    /**
     * Makes all cached pages unusable, since they may contain an article that was withdrawn. Called by any thread. Event loops
     * call it too, so it removes nothing from the cache, which could wait for a lock.
     */
    void withdrawn() {
        withdrawals.incrementAndGet();
    }

    /** Returns whether a page may still be sent: nothing was withdrawn since it was read. */
    boolean isCurrent(Page.Events page) {
        return page.withdrawals() == withdrawals.get();
    }
}
