package dev.freshet.stream;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Reads the feed log in pages for subscribers that the ring can't serve. Subscribers of a feed that are near the same
 * place share the reads and the encoded events. So many subscribers that return at once cost one read per page.
 */
final class CatchUp {

    /** The result of one read. */
    sealed interface Page {

        /**
         * The next events of the feed.
         *
         * @param events in order; the first ones may precede the requested position
         * @param reached the seq up to which nothing of the feed is missing
         * @param withdrawals count of withdrawals that the instance knew before the read
         */
        record Events(List<Event> events, long reached, int withdrawals) implements Page {}

        /** The log no longer continues the position. */
        record Lost(ResetReason reason, Cursor end) implements Page {}
    }

    /**
     * An event of a page.
     *
     * @param leaves whether the change took the article out of the feed
     */
    record Event(Frame frame, boolean leaves) {}

    /** @param withdrawals so that no page from before a withdrawal is found after it */
    private record Place(Feed feed, long selection, boolean content, long after, long to, int withdrawals) {}

    private record Read(Page.Events page, Extent extent) {

        int size() {
            var bytes = page.events().stream()
                    // The article, and about as much for each encoding in use.
                    .mapToLong(event -> 2 * event.frame().size())
                    .sum();
            return (int) Math.min(Integer.MAX_VALUE, 100 + bytes);
        }
    }

    // Entries that one read scans, at most: bounds the time for which a rare feed holds a connection.
    private static final int MAX_SCANNED_ENTRIES = 10_000;
    // Long enough for clients that reconnect together to share a page.
    private static final Duration PAGE_TTL = Duration.ofSeconds(10);

    private final FeedLog feedLog;
    private final int events;
    private final StreamMeters meters;
    private final AtomicInteger withdrawals = new AtomicInteger();
    private final AsyncCache<Place, Read> pages;

    /**
     * @param events maximum events of a page; an eighth of it with content
     * @param size maximum bytes of shared pages
     */
    CatchUp(FeedLog feedLog, int events, long size, StreamMeters meters) {
        this.feedLog = feedLog;
        this.events = events;
        this.meters = meters;
        this.pages = Caffeine.newBuilder()
                .maximumWeight(size)
                .<Place, Read>weigher((place, read) -> read.size())
                .expireAfterWrite(PAGE_TTL)
                .buildAsync();
    }

    /**
     * Reads the page of a feed that continues a position. Never fails: while the log is unreadable it retries.
     * Cancellation does not stop a read, since other subscribers may wait for it.
     *
     * @param after the position
     * @param to the last seq to scan, above the position
     * @param selection a number that changes with what the account of a personal feed follows
     */
    Mono<Page> read(Feed feed, StreamFormat format, Cursor after, long to, long selection) {
        var limit = format.content() ? Math.max(1, events / 8) : events;
        // Pages begin and end at multiples of their size, so that subscribers near each other share them.
        var from = after.seq() - after.seq() % limit;
        var end = to - to % limit > after.seq() ? to - to % limit : to;
        var place = new Place(
                feed, selection, format.content(), from, Math.min(end, from + MAX_SCANNED_ENTRIES), withdrawals.get());
        return Mono.fromFuture(
                        () -> pages.get(
                                place, (absent, executor) -> load(absent, limit).toFuture()),
                        true)
                .map(read -> page(read, after))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(5)));
    }

    private Mono<Read> load(Place place, int limit) {
        return Mono.defer(() -> {
            meters.catchUpRead();
            return feedLog.select(place.after(), place.to(), limit, place.feed().condition(), place.content())
                    .collectList()
                    // Read after the entries: history that is still there now was there then.
                    .zipWhen(entries -> feedLog.extent(), (entries, extent) -> {
                        var events = entries.stream()
                                .map(one -> new Event(new Frame(extent.epoch(), one.entry()), one.leaves()))
                                .toList();
                        var reached = entries.size() < limit
                                ? place.to()
                                : entries.getLast().entry().seq();
                        return new Read(new Page.Events(events, reached, place.withdrawals()), extent);
                    });
        });
    }

    private static Page page(Read read, Cursor after) {
        var extent = read.extent();
        if (extent.epoch() != after.epoch()) {
            return new Page.Lost(ResetReason.UNKNOWN_HISTORY, extent.end());
        }
        return extent.first() > after.seq() + 1 ? new Page.Lost(ResetReason.HISTORY_PRUNED, extent.end()) : read.page();
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
