package dev.freshet.platform.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/** How long a reader has waited for what it asked for. While it has asked for nothing, it doesn't wait. */
final class BodyReadTime {

    private final Scheduler clock;
    private long demand;
    private long since;
    private long before;
    private long bytes;

    BodyReadTime(Scheduler clock) {
        this.clock = clock;
    }

    synchronized void asked(long parts) {
        if (demand == 0) {
            since = now();
        }
        demand = Operators.addCap(demand, parts);
    }

    synchronized void came(int size) {
        before += now() - since;
        since = now();
        bytes += size;
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
    }

    /** Of the part that it waits for now. */
    synchronized Duration forThis() {
        return Duration.ofNanos(demand == 0 ? 0 : now() - since);
    }

    /** For all parts together. */
    synchronized Duration inAll() {
        return forThis().plusNanos(before);
    }

    /** How much has come. */
    synchronized long bytes() {
        return bytes;
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }
}
