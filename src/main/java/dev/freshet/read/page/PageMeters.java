package dev.freshet.read.page;

import dev.freshet.read.page.PageLookup.Place;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The metrics of page lookups. */
final class PageMeters {

    private final MeterRegistry meters;
    private final Map<Place, Timer> timers = new EnumMap<>(Place.class);
    private final Counter reads;

    PageMeters(MeterRegistry meters) {
        this.meters = meters;
        for (var place : Place.values()) {
            timers.put(
                    place,
                    Timer.builder("freshet.page")
                            .description("Finding a page of a feed, by where it was found")
                            .tag("cache", place.toString())
                            .register(meters));
        }
        this.reads = Counter.builder("freshet.page.reads")
                .description("Pages read from PostgreSQL. Concurrent requests share a read")
                .register(meters);
    }

    /** Starts to measure a lookup. */
    Timer.Sample start() {
        return Timer.start(meters);
    }

    void found(Timer.Sample started, Place place) {
        started.stop(Objects.requireNonNull(timers.get(place)));
    }

    /** Counts a read from the store. */
    void read() {
        reads.increment();
    }
}
