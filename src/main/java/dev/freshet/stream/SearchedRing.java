package dev.freshet.stream;

import dev.freshet.feed.EventWords;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.feedlog.LogWords;
import dev.freshet.search.SearchDocument;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The part of the ring whose words are in memory, for streams of searches. While such a stream is open, it reads the words
 * of each new event from the log, once for all streams. Words of a new article that this instance committed are known
 * without a read. It follows the ring by a step, and other streams do not wait for it.
 *
 * <p>Words are bounded in bytes: the oldest are dropped. One step at a time changes its state; any thread may read it.
 */
final class SearchedRing implements FrameSource {

    private static final int MAX_ENTRIES_PER_STEP = 32;

    /** The words of an article that this instance committed. */
    private record Held(UUID article, SearchDocument words) {}

    private final Ring ring;
    private final FeedLog feedLog;
    private final Scheduler parsing;
    private final long maxBytes;
    private final AtomicInteger streams = new AtomicInteger();
    // The memory of the words of each frame within the bounds.
    private final Queue<Long> sizes = new ArrayDeque<>();
    // Entries with words that it has not reached, bounded by the same maximum.
    private final ConcurrentNavigableMap<Long, Held> held = new ConcurrentSkipListMap<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private volatile Bounds bounds;
    private volatile @Nullable FluxSink<Boolean> wakes;
    private boolean isReading;

    /**
     * @param parsing runs the parsing of words that are read, which takes too long for an event loop
     * @param maxBytes the maximum memory of the words
     */
    SearchedRing(Ring ring, FeedLog feedLog, Scheduler parsing, long maxBytes) {
        this.ring = ring;
        this.feedLog = feedLog;
        this.parsing = parsing;
        this.maxBytes = maxBytes;
        this.bounds = empty(ring.bounds());
    }

    /**
     * Begins to follow the ring.
     *
     * @param changed called after each change of the bounds
     */
    Disposable follow(Runnable changed) {
        return Flux.<Boolean>create(
                        sink -> {
                            wakes = sink;
                            // Wakes before a retry were lost.
                            sink.next(true);
                        },
                        FluxSink.OverflowStrategy.LATEST)
                .concatMap(wake -> advance(changed).thenReturn(wake), 1)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                        .maxBackoff(Duration.ofSeconds(2))
                        .transientErrors(true))
                .subscribe();
    }

    /** Counts a stream of a search, which needs words from now on. */
    void acquire() {
        if (streams.getAndIncrement() == 0) {
            wake();
        }
    }

    /** Reports the end of a stream that was counted. */
    void release() {
        if (streams.decrementAndGet() == 0) {
            wake();
        }
    }

    /**
     * Holds the words of entries that the ring is about to append. Words of further entries and beyond the maximum are read
     * later, since the entries are on their way to all streams.
     */
    void hold(List<LogEntry> entries) {
        if (streams.get() == 0) {
            return;
        }
        for (var entry : entries.subList(0, Math.min(entries.size(), MAX_ENTRIES_PER_STEP))) {
            if (entry.words() == null) {
                continue;
            }
            var words = entry.words().get();
            if (heldBytes.get() + words.memory() <= maxBytes) {
                heldBytes.addAndGet(words.memory());
                forget(held.put(entry.seq(), new Held(entry.articleId(), words)));
            }
        }
    }

    private void forgetTo(long seq) {
        while (!held.isEmpty() && held.firstKey() <= seq) {
            forget(held.pollFirstEntry().getValue());
        }
    }

    private void forget(@Nullable Held dropped) {
        if (dropped != null) {
            heldBytes.addAndGet(-dropped.words().memory());
        }
    }

    /** Reports that the ring has changed. */
    void news() {
        if (streams.get() > 0) {
            wake();
        }
    }

    private void wake() {
        var sink = wakes;
        if (sink != null) {
            sink.next(true);
        }
    }

    @Override
    public Bounds bounds() {
        var own = bounds;
        var whole = ring.bounds();
        if (own.epoch() != whole.epoch() || own.first() >= whole.first()) {
            return own;
        }
        // The ring dropped frames since the last read.
        return new Bounds(own.epoch(), Math.min(whole.first(), own.last() + 1), own.last(), own.size());
    }

    @Override
    public @Nullable Frame get(long seq) {
        var frame = ring.get(seq);
        return frame == null || frame.words() == null ? null : frame;
    }

    private Mono<Void> advance(Runnable changed) {
        return Mono.defer(() -> step().doOnSuccess(done -> changed.run()))
                .repeat(this::isBehind)
                .then();
    }

    private boolean isBehind() {
        var whole = ring.bounds();
        return streams.get() > 0 && (bounds.epoch() != whole.epoch() || bounds.last() < whole.last());
    }

    private Mono<Void> step() {
        var whole = ring.bounds();
        var own = bounds;
        if (streams.get() == 0) {
            isReading = false;
            clear(own);
            forgetTo(Long.MAX_VALUE);
            return Mono.empty();
        }
        if (!isReading || own.epoch() != whole.epoch() || own.last() + 1 < whole.first()) {
            isReading = true;
            clear(whole);
            // They may be of another history.
            forgetTo(Long.MAX_VALUE);
            return Mono.empty();
        }
        var to = Math.min(whole.last(), own.last() + MAX_ENTRIES_PER_STEP);
        if (to <= own.last()) {
            return Mono.empty();
        }
        forgetTo(own.last());
        var first = held.isEmpty() ? Long.MAX_VALUE : held.firstKey();
        return first == own.last() + 1 ? takeHeld(to) : read(own.last(), Math.min(to, first - 1));
    }

    private Mono<Void> takeHeld(long to) {
        return Mono.fromRunnable(() -> {
            var seq = bounds.last() + 1;
            for (var found = held.get(seq); found != null && seq <= to; found = held.get(++seq)) {
                var words = new EventWords(found.words(), null);
                var frame = ring.get(seq);
                if (frame != null) {
                    if (!frame.entry().articleId().equals(found.article())) {
                        // The ring has another history by now. The next step reads the words.
                        forgetTo(seq);
                        return;
                    }
                    frame.words(words);
                }
                advanceTo(seq, words);
            }
        });
    }

    private Mono<Void> read(long after, long to) {
        return feedLog.words(after, to)
                .publishOn(parsing, MAX_ENTRIES_PER_STEP)
                .takeWhile(words -> words.seq() == bounds.last() + 1)
                .doOnNext(this::add)
                .then(Mono.fromRunnable(() -> {
                    if (bounds.last() < to) {
                        // The log no longer has them, so the streams read what they miss.
                        clear(ring.bounds());
                    }
                }));
    }

    private void add(LogWords stored) {
        var words = EventWords.of(stored);
        var frame = ring.get(stored.seq());
        if (frame != null) {
            frame.words(words);
        }
        advanceTo(stored.seq(), words);
    }

    private void advanceTo(long seq, EventWords words) {
        var own = bounds;
        var size = own.size() + words.memory();
        sizes.add(words.memory());
        var first = own.first();
        while (first < seq && (size > maxBytes || first < ring.bounds().first())) {
            size -= sizes.remove();
            drop(first++);
        }
        bounds = new Bounds(own.epoch(), first, seq, size);
    }

    /** Drops all words and continues at the end of these bounds. */
    private void clear(Bounds end) {
        var own = bounds;
        bounds = empty(end);
        sizes.clear();
        for (var seq = own.first(); seq <= own.last(); seq++) {
            drop(seq);
        }
    }

    private void drop(long seq) {
        var frame = ring.get(seq);
        if (frame != null) {
            frame.words(null);
        }
    }

    private static Bounds empty(Bounds end) {
        return new Bounds(end.epoch(), end.last() + 1, end.last(), 0);
    }
}
