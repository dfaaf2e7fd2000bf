package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Follows one epoch of the feed log from a position, and ends with a reset. Signals of the tails are recorded on the
 * event loops of their drivers; the position advances on one thread at a time.
 */
final class EpochFollower {

    private static final Logger log = LoggerFactory.getLogger(EpochFollower.class);
    private static final int READ_BATCH = 256;
    private static final int MAX_HELD_COPIES = 1024;

    private final FollowerResources resources;
    private final Runnable checked;
    private final long epoch;
    private final AtomicLong position;
    // The highest seq that a signal has reported.
    private final AtomicLong known;
    private final AtomicBoolean uncertain = new AtomicBoolean(true);
    private final AtomicBoolean ownCommit = new AtomicBoolean();
    // The highest seq seen in Redis: it was committed, whatever the log contains now.
    private final AtomicLong copied = new AtomicLong();
    // Copies that arrived early. Bounded: those that do not fit are read from the log.
    private final ConcurrentSkipListMap<Long, LogEntry> copies = new ConcurrentSkipListMap<>();
    // Entries read from the log, to be copied to Redis.
    private final Sinks.Many<List<LogEntry>> read = Sinks.many().multicast().directBestEffort();

    /** @param checked called after each check of the log itself */
    EpochFollower(FollowerResources resources, Cursor after, Runnable checked) {
        this.resources = resources;
        this.checked = checked;
        epoch = after.epoch();
        position = new AtomicLong(after.seq());
        known = new AtomicLong(after.seq());
    }

    Flux<TailEvent> events() {
        var start = new Cursor(epoch, position.get());
        var signals = Flux.merge(
                        Flux.fromIterable(resources.tails()).map(tail -> tail.listen(start)),
                        resources.tails().size())
                .doOnNext(this::note)
                .map(signal -> true);
        var sweeps = sweeps().map(tick -> {
            uncertain.set(true);
            return true;
        });
        // The signals are recorded above; here they only wake the follower.
        var advancing = Flux.merge(signals, sweeps).onBackpressureLatest().concatMap(wake -> advance(), 1);
        return Flux.merge(copying(), advancing, relaying()).takeUntil(TailEvent.Reset.class::isInstance);
    }

    /** Not Flux.interval: a reset cancels the sweeps on an event loop, which could park on the lock of the timer. */
    private Flux<Long> sweeps() {
        return Mono.delay(resources.settings().sweep(), resources.timer())
                .repeat()
                .startWith(0L);
    }

    /**
     * Copies the entries that were read to Redis, beside the next reads. So a slow Redis delays no delivery. While one copy is
     * in progress, only the last read waits: its copy, or the next sweep, includes the missing entries. Emits nothing.
     */
    private Flux<TailEvent> copying() {
        var relay = resources.relay();
        return relay == null
                ? Flux.empty()
                : read.asFlux()
                        .onBackpressureLatest()
                        .concatMap(entries -> relay.copy(epoch, entries), 0)
                        .cast(TailEvent.class);
    }

    /** Copies at each sweep what Redis lacks, in parallel to the reads of the log. Emits nothing. */
    private Flux<TailEvent> relaying() {
        var relay = resources.relay();
        if (relay == null) {
            return Flux.empty();
        }
        return sweeps().onBackpressureLatest()
                .concatMap(
                        tick -> relay.copyUpTo(epoch, position.get())
                                .doOnNext(top -> copied.accumulateAndGet(top, Math::max))
                                .then(),
                        1)
                .cast(TailEvent.class);
    }

    private void note(TailSignal signal) {
        switch (signal) {
            case TailSignal.Hint hint -> {
                known.accumulateAndGet(hint.seq(), Math::max);
                if (hint.own()) {
                    ownCommit.set(true);
                }
            }
            case TailSignal.Copy copy -> {
                var entry = copy.entry();
                known.accumulateAndGet(entry.seq(), Math::max);
                if (entry.seq() > position.get() && copies.size() < MAX_HELD_COPIES) {
                    copies.put(entry.seq(), entry);
                }
            }
            case TailSignal.PossibleLoss loss -> uncertain.set(true);
        }
    }

    /** Emits entries that continue the position until no more are known. */
    private Flux<TailEvent> advance() {
        return Flux.defer(this::step)
                .repeat(() -> position.get() < known.get() || uncertain.get())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                        .maxBackoff(Duration.ofSeconds(2))
                        .transientErrors(true)
                        .doBeforeRetry(retry -> {
                            uncertain.set(true);
                            log.warn(
                                    "The feed log cannot be read, retrying: {}",
                                    retry.failure().toString());
                        }))
                .takeUntil(TailEvent.Reset.class::isInstance);
    }

    private Flux<TailEvent> step() {
        var continued = takeCopies();
        if (!continued.isEmpty()) {
            return Flux.just(new TailEvent.Entries(continued));
        }
        if (uncertain.getAndSet(false)) {
            return check();
        }
        if (position.get() >= known.get()) {
            return Flux.empty();
        }
        if (!ownCommit.getAndSet(false) && copiesExpected()) {
            return Mono.delay(resources.settings().grace(), resources.timer()).thenMany(Flux.defer(() -> {
                var late = takeCopies();
                return late.isEmpty() ? fill() : Flux.just(new TailEvent.Entries(late));
            }));
        }
        return fill();
    }

    private boolean copiesExpected() {
        return resources.tails().stream().anyMatch(Tail::bringsCopies);
    }

    private List<LogEntry> takeCopies() {
        var taken = new ArrayList<LogEntry>();
        var next = position.get() + 1;
        for (var entry = copies.remove(next); entry != null; entry = copies.remove(++next)) {
            taken.add(entry);
        }
        if (!taken.isEmpty()) {
            moveTo(taken.getLast().seq());
        }
        return taken;
    }

    private Flux<TailEvent> fill() {
        return resources
                .feedLog()
                .read(position.get(), READ_BATCH)
                .collectList()
                .flatMapMany(entries -> {
                    if (entries.isEmpty()) {
                        // A signal reported more than the log contains: the next step finds the reason.
                        known.set(position.get());
                        uncertain.set(true);
                        return Flux.empty();
                    }
                    if (entries.getFirst().seq() != position.get() + 1) {
                        return resources.feedLog().extent().map(extent -> new TailEvent.Reset(extent.end()));
                    }
                    moveTo(entries.getLast().seq());
                    read.tryEmitNext(entries);
                    return Flux.just(new TailEvent.Entries(entries));
                });
    }

    /** Checks the log itself: for entries without a hint, and for another epoch. */
    private Flux<TailEvent> check() {
        // Recorded before the log is read, which can only have grown since.
        var seen = Math.max(position.get(), copied.get());
        return resources.feedLog().extent().flatMapMany(extent -> {
            checked.run();
            if (extent.epoch() == epoch && extent.last() < seen) {
                return restored(extent, seen);
            }
            if (extent.epoch() != epoch || extent.first() > position.get() + 1) {
                log.warn("The feed log does not continue {}, resuming at {}", position.get(), extent.end());
                return Flux.just(new TailEvent.Reset(extent.end()));
            }
            known.accumulateAndGet(extent.last(), Math::max);
            return Flux.empty();
        });
    }

    private Flux<TailEvent> restored(Extent extent, long seen) {
        log.warn(
                "The feed log ends at {}, but {} was seen: it was restored to an earlier state; starting a new epoch",
                extent.last(),
                seen);
        return resources
                .feedLog()
                .startEpoch(epoch)
                .then(resources.feedLog().extent())
                .map(renewed -> (TailEvent) new TailEvent.Reset(renewed.end()))
                .flux();
    }

    private void moveTo(long seq) {
        position.set(seq);
        copies.headMap(seq, true).clear();
    }
}
