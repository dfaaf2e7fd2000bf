package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Follows the tail of the feed log: every entry after a position, once, in order, without a gap. It takes copies that
 * continue the position and reads all others from the log. If the log does not provably continue the position, it
 * emits a {@link TailEvent.Reset}.
 */
public final class Follower implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(Follower.class);
    private static final int READ_BATCH = 256;
    private static final int MAX_HELD_COPIES = 1024;

    private final FeedLog feedLog;
    private final List<Tail> tails;
    private final @Nullable Relay relay;
    private final TailSettings settings;
    private final Scheduler timer;
    private final AtomicLong position = new AtomicLong();
    private volatile long lookedAtNanos = System.nanoTime();

    Follower(FeedLog feedLog, List<Tail> tails, @Nullable Relay relay, TailSettings settings, Scheduler timer) {
        this.feedLog = feedLog;
        this.tails = List.copyOf(tails);
        this.relay = relay;
        this.settings = settings;
        this.timer = timer;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("freshet.tail.position", position, AtomicLong::get)
                .description("The last seq of the feed log that this instance has followed")
                .register(registry);
        if (relay != null) {
            Gauge.builder("freshet.relay.position", relay, Relay::position)
                    .description("The last seq that this instance knows to be in Redis")
                    .register(registry);
        }
    }

    /** Returns the time since the log was last checked. New entries since then are unknown. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lookedAtNanos);
    }

    /**
     * Follows from a position until cancelled. Never fails and never ends: while the log is unreadable it retries. The
     * subscriber must be quick, since all streams of the instance wait for it.
     */
    Flux<TailEvent> follow(Cursor after) {
        // One run per epoch: a reset ends it, and the next begins at the position of the reset.
        return Flux.defer(() -> {
            var start = new AtomicReference<>(after);
            position.set(after.seq());
            return Flux.defer(() -> new Run(start.get()).events())
                    .doOnNext(event -> {
                        switch (event) {
                            case TailEvent.Entries next ->
                                position.set(next.entries().getLast().seq());
                            case TailEvent.Reset reset -> {
                                start.set(reset.position());
                                position.set(reset.position().seq());
                            }
                        }
                    })
                    .repeat();
        });
    }

    /** Follows one epoch from a position, and ends with a reset. */
    private final class Run {

        private final long epoch;
        private final AtomicLong position;
        // The highest seq reported.
        private final AtomicLong known;
        private final AtomicBoolean uncertain = new AtomicBoolean(true);
        private final AtomicBoolean own = new AtomicBoolean();
        // The highest seq seen in Redis: it was committed, whatever the log contains now.
        private final AtomicLong copied = new AtomicLong();
        private final Sinks.Many<List<LogEntry>> filled =
                Sinks.many().multicast().directBestEffort();
        // Copies that arrived early. Bounded: those that do not fit are read from the log.
        private final ConcurrentSkipListMap<Long, LogEntry> copies = new ConcurrentSkipListMap<>();

        Run(Cursor after) {
            epoch = after.epoch();
            position = new AtomicLong(after.seq());
            known = new AtomicLong(after.seq());
        }

        Flux<TailEvent> events() {
            var start = new Cursor(epoch, position.get());
            var heard = Flux.merge(Flux.fromIterable(tails).map(tail -> tail.listen(start)), tails.size())
                    .doOnNext(this::note)
                    .map(signal -> true);
            var sweeps = sweeps().map(tick -> {
                uncertain.set(true);
                return true;
            });
            // The signals are recorded above; here they only wake the follower.
            var advancing = Flux.merge(heard, sweeps).onBackpressureLatest().concatMap(wake -> advance(), 1);
            return Flux.merge(advancing, relaying()).takeUntil(TailEvent.Reset.class::isInstance);
        }

        /** Not Flux.interval: a reset cancels the sweeps on an event loop, which could park on the lock of the timer. */
        private Flux<Long> sweeps() {
            return Mono.delay(settings.sweep(), timer).repeat().startWith(0L);
        }

        /** Copies to Redis in parallel, so that a slow Redis delays nothing. Emits nothing. */
        private Flux<TailEvent> relaying() {
            if (relay == null) {
                return Flux.empty();
            }
            return Flux.merge(filled.asFlux(), sweeps().map(tick -> List.<LogEntry>of()))
                    // Entries dropped here are found missing, and copied with the next.
                    .onBackpressureLatest()
                    .concatMap(
                            entries -> entries.isEmpty()
                                    ? relay.copyUpTo(epoch, position.get())
                                            .doOnNext(top -> copied.accumulateAndGet(top, Math::max))
                                            .then()
                                    : relay.copy(epoch, entries),
                            1)
                    .cast(TailEvent.class);
        }

        private void note(TailSignal signal) {
            switch (signal) {
                case TailSignal.Hint hint -> {
                    known.accumulateAndGet(hint.seq(), Math::max);
                    if (hint.own()) {
                        own.set(true);
                    }
                }
                case TailSignal.Copy copy -> {
                    var entry = copy.entry();
                    known.accumulateAndGet(entry.seq(), Math::max);
                    if (entry.seq() > position.get() && copies.size() < MAX_HELD_COPIES) {
                        copies.put(entry.seq(), entry);
                    }
                }
                case TailSignal.Uncertain nothing -> uncertain.set(true);
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
            if (!own.getAndSet(false) && copiesExpected()) {
                return Mono.delay(settings.grace(), timer).thenMany(Flux.defer(() -> {
                    var late = takeCopies();
                    return late.isEmpty() ? fill() : Flux.just(new TailEvent.Entries(late));
                }));
            }
            return fill();
        }

        private boolean copiesExpected() {
            return tails.stream().anyMatch(Tail::bringsCopies);
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
            return feedLog.read(position.get(), READ_BATCH).collectList().flatMapMany(entries -> {
                if (entries.isEmpty()) {
                    // A signal reported more than the log contains: the next step finds the reason.
                    known.set(position.get());
                    uncertain.set(true);
                    return Flux.empty();
                }
                if (entries.getFirst().seq() != position.get() + 1) {
                    return feedLog.extent().map(extent -> new TailEvent.Reset(extent.end()));
                }
                moveTo(entries.getLast().seq());
                Flux<TailEvent> events = Flux.just(new TailEvent.Entries(entries));
                return relay == null
                        ? events
                        : events.concatWith(relay.copy(epoch, entries).cast(TailEvent.class));
            });
        }

        /** Checks the log itself: for entries without a hint, and for another epoch. */
        private Flux<TailEvent> check() {
            // Recorded before the log is read, which can only have grown since.
            var seen = Math.max(position.get(), copied.get());
            return feedLog.extent().flatMapMany(extent -> {
                lookedAtNanos = System.nanoTime();
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
            return feedLog.startEpoch(epoch)
                    .then(feedLog.extent())
                    .map(renewed -> (TailEvent) new TailEvent.Reset(renewed.end()))
                    .flux();
        }

        private void moveTo(long seq) {
            position.set(seq);
            copies.headMap(seq, true).clear();
        }
    }
}
