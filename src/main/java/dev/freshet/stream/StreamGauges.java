package dev.freshet.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Gauges of the ring and its subscribers, 0 before the tail has begun. */
final class StreamGauges implements MeterBinder {

    /** The formats of other packages. */
    private static final String OTHER = "other";

    private final LiveStreams streams;

    StreamGauges(LiveStreams streams) {
        this.streams = streams;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (var format : formats()) {
            for (var live : List.of(true, false)) {
                ofSubscribers(
                                "freshet.subscribers",
                                "Open streams",
                                subscribers -> subscribers.all().stream()
                                        .filter(each -> name(each).equals(format) && each.isLive() == live)
                                        .count())
                        .tag("format", format)
                        .tag("state", live ? "live" : "catch-up")
                        .register(registry);
            }
        }
        ofSubscribers("freshet.subscribers.max", "Maximum of open streams", Subscribers::maxOpen)
                .register(registry);
        ofSubscribers(
                        "freshet.subscribers.lag",
                        "Events that the slowest subscriber is behind",
                        subscribers -> subscribers.all().stream()
                                .mapToLong(Subscriber::lag)
                                .max()
                                .orElse(0))
                .register(registry);
        ofSubscribers(
                        "freshet.subscribers.pending",
                        "Bytes in the write buffers of connections",
                        subscribers -> subscribers.all().stream()
                                .mapToLong(Subscriber::pendingBytes)
                                .sum())
                .baseUnit("bytes")
                .register(registry);
        ofRing("freshet.ring.events", "Events in the ring", bounds -> bounds.last() - bounds.first() + 1)
                .register(registry);
        ofRing("freshet.ring.size", "Memory of the ring's articles", FrameSource.Bounds::size)
                .baseUnit("bytes")
                .register(registry);
        ofRing("freshet.ring.position", "The last seq in the ring", FrameSource.Bounds::last)
                .register(registry);
    }

    private static List<String> formats() {
        return Stream.concat(Arrays.stream(Format.values()).map(Format::toString), Stream.of(OTHER))
                .toList();
    }

    private static String name(Subscriber subscriber) {
        return subscriber.terms().format() instanceof Format own ? own.toString() : OTHER;
    }

    private Gauge.Builder<LiveStreams> ofSubscribers(
            String name, String description, ToLongFunction<Subscribers> value) {
        return gauge(name, description, live -> value.applyAsLong(live.subscribers()));
    }

    private Gauge.Builder<LiveStreams> ofRing(
            String name, String description, ToLongFunction<FrameSource.Bounds> value) {
        return gauge(name, description, live -> value.applyAsLong(live.ring().bounds()));
    }

    private Gauge.Builder<LiveStreams> gauge(String name, String description, ToLongFunction<LiveStreams.Live> value) {
        return Gauge.builder(
                        name,
                        streams,
                        all -> all.current().map(value::applyAsLong).orElse(0L))
                .description(description);
    }
}
