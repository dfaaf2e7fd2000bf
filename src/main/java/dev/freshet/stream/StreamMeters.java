package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Timers and counters of the streams. */
final class StreamMeters {

    private final Timer delivery;
    private final Timer loopLag;
    private final Counter catchUpReads;
    private final Map<ResetReason, Counter> resets;
    private final Map<ClosingReason, Counter> closed;
    private final Map<StreamLimits.Limit, Counter> refused;

    StreamMeters(MeterRegistry registry) {
        delivery = Timer.builder("freshet.delivery")
                .description("From an event's place in the log to the last live subscriber of an event loop")
                .register(registry);
        loopLag = Timer.builder("freshet.loop.lag")
                .description("Delay of an event loop at a task of a fixed time, measured each second")
                .register(registry);
        catchUpReads = Counter.builder("freshet.catchup.reads")
                .description("Pages of the feed log read for subscribers behind the ring")
                .register(registry);
        resets = counters(
                ResetReason.class,
                reason -> Counter.builder("freshet.resets")
                        .description("Resets sent: events may be missing")
                        .tag("reason", reason.toString())
                        .register(registry));
        closed = counters(
                ClosingReason.class,
                reason -> Counter.builder("freshet.streams.closed")
                        .description("Streams that ended")
                        .tag("reason", reason.toString())
                        .register(registry));
        refused = counters(
                StreamLimits.Limit.class,
                limit -> Counter.builder("freshet.streams.refused")
                        .description("Streams refused by a limit")
                        .tag("limit", limit.toString())
                        .register(registry));
    }

    private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> kind, Function<E, Counter> counter) {
        var counters = new EnumMap<E, Counter>(kind);
        for (var each : kind.getEnumConstants()) {
            counters.put(each, counter.apply(each));
        }
        return counters;
    }

    void delivered(Frame frame, long nowMillis) {
        // The log's time is the database's clock; between two clocks it may seem to lie ahead.
        delivery.record(Math.max(0, nowMillis - frame.entry().atMillis()), TimeUnit.MILLISECONDS);
    }

    void loopLag(long nanos) {
        loopLag.record(nanos, TimeUnit.NANOSECONDS);
    }

    void catchUpRead() {
        catchUpReads.increment();
    }

    void reset(ResetReason reason) {
        count(resets, reason);
    }

    void closed(ClosingReason reason) {
        count(closed, reason);
    }

    void refused(StreamLimits.Limit limit) {
        count(refused, limit);
    }

    private static <E extends Enum<E>> void count(Map<E, Counter> counters, E kind) {
        var counter = counters.get(kind);
        if (counter != null) {
            counter.increment();
        }
    }
}
