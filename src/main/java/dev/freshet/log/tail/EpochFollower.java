package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.FaultLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.retry.Retry;

/**
 * Follows one epoch of the feed log from a position, and ends with a reset. Signals of the tails are recorded on the
 * event loops of their drivers; the position advances on one thread at a time.
 */
final class EpochFollower {

    private static final Logger log = LoggerFactory.getLogger(EpochFollower.class);
    private static final int READ_BATCH = 256;

    private final FollowerResources resources;
    private final Runnable checked;
    private final long epoch;
    private final AtomicLong position;
    // The highest seq that a signal has reported.
    private final AtomicLong known;
    // The highest seq that this instance did not commit, as far as is known.
    private final AtomicLong foreign;
    private final AtomicBoolean uncertain = new AtomicBoolean(true);
    // The highest seq seen in Redis: it was committed, whatever the log contains now.
    private final AtomicLong copied = new AtomicLong();
    private final HeldCopies copies = new HeldCopies();
    // Completes the last wait for the next copy.
    private volatile @Nullable MonoSink<Void> awaiting;
    private final RelayQueue toRelay = new RelayQueue();
    private final FaultLog faults = new FaultLog(log, Level.WARN);

    /** @param checked called after each check of the log itself */
    EpochFollower(FollowerResources resources, Cursor after, Runnable checked) {
        this.resources = resources;
        this.checked = checked;
        epoch = after.epoch();
        position = new AtomicLong(after.seq());
        known = new AtomicLong(after.seq());
        foreign = new AtomicLong(after.seq());
    }

    Flux<TailEvent> events() {
        var signals = Flux.merge(
                        Flux.fromIterable(resources.tails())
                                .map(tail -> tail.listen(() -> new Cursor(epoch, position.get()))),
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

    /** Copies entries that Redis may lack, beside the next ones. So a slow Redis delays no delivery. Emits nothing. */
    private Flux<TailEvent> copying() {
        var relay = resources.relay();
        return relay == null
                ? Flux.empty()
                : toRelay.batches()
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
                if (!hint.own()) {
                    foreign.accumulateAndGet(hint.seq(), Math::max);
                }
            }
            case TailSignal.Copies arrived -> {
                known.accumulateAndGet(arrived.entries().getLast().seq(), Math::max);
                if (arrived.source() == TailSignal.Source.OWN) {
                    // Entries before them may be of other instances.
                    foreign.accumulateAndGet(arrived.entries().getFirst().seq() - 1, Math::max);
                }
                copies.hold(arrived, position.get());
            }
            case TailSignal.PossibleLoss loss -> uncertain.set(true);
        }
        endWait(awaiting);
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
                            faults.report("Reading the feed log failed, and is retried", retry.failure());
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
        if (copiesExpected()) {
            if (foreign.get() > position.get()) {
                resources.tails().forEach(Tail::requestCopies);
            }
            return awaitCopy().thenMany(Flux.defer(() -> {
                var late = takeCopies();
                return late.isEmpty() ? fill() : Flux.just(new TailEvent.Entries(late));
            }));
        }
        return fill();
    }

    /** Returns whether Redis brings copies, or the hint of an own commit arrived before its entries. */
    private boolean copiesExpected() {
        return foreign.get() <= position.get() || resources.tails().stream().anyMatch(Tail::bringsCopies);
    }

    /** Completes when the next entry arrives, after the grace, or when no copy is expected any more. */
    private Mono<Void> awaitCopy() {
        return Mono.<Void>create(sink -> {
                    awaiting = sink;
                    endWait(sink);
                })
                .timeout(resources.settings().grace(), Mono.empty(), resources.timer());
    }

    private void endWait(@Nullable MonoSink<Void> sink) {
        if (sink != null && (copies.continues(position.get()) || !copiesExpected())) {
            sink.success();
        }
    }

    private List<LogEntry> takeCopies() {
        var taken = copies.take(position.get());
        if (!taken.entries().isEmpty()) {
            moveTo(taken.entries().getLast().seq());
            if (taken.own()) {
                toRelay.add(taken.entries());
            }
        }
        return taken.entries();
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
                    toRelay.add(entries);
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
            foreign.accumulateAndGet(extent.last(), Math::max);
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
        copies.removeTo(seq);
    }
}
