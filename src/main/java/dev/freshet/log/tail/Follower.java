package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;

/**
 * Follows the tail of the feed log: every entry after a position, once, in order, without a gap. It takes copies that
 * continue the position and reads all others from the log. If the log does not provably continue the position, it
 * emits a {@link TailEvent.Reset}.
 */
public final class Follower implements MeterBinder {

    private final FollowerResources resources;
    private final AtomicLong position = new AtomicLong();
    private volatile long checkedAtNanos = System.nanoTime();

    Follower(FollowerResources resources) {
        this.resources = resources;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("freshet.tail.position", position, AtomicLong::get)
                .description("The last seq of the feed log that this instance has followed")
                .register(registry);
        var relay = resources.relay();
        if (relay != null) {
            Gauge.builder("freshet.relay.position", relay, Relay::position)
                    .description("The last seq that this instance knows to be in Redis")
                    .register(registry);
        }
    }

    /** Returns the time since the log was last checked. New entries since then are unknown. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - checkedAtNanos);
    }

    /**
     * Follows from a position until cancelled. Never fails and never ends: while the log is unreadable it retries. The
     * subscriber must be quick, since all streams of the instance wait for it.
     */
    Flux<TailEvent> follow(Cursor after) {
        // One follower per epoch: a reset ends it, and the next begins at the position of the reset.
        return Flux.defer(() -> {
            var start = new AtomicReference<>(after);
            position.set(after.seq());
            return Flux.defer(() -> new EpochFollower(resources, start.get(), this::checked).events())
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

    private void checked() {
        checkedAtNanos = System.nanoTime();
    }
}
