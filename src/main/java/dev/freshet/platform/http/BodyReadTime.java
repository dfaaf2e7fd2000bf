package dev.freshet.platform.http;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import reactor.core.publisher.Operators;

/**
 * Measures the time that the server has waited for a request body. Time without demand does not count, since the client
 * then waits for the server. Confined to the event loop of the request.
 */
final class BodyReadTime {

    private final EventExecutor eventLoop;
    private long demand;
    private long waitingSinceNanos;
    private long waitedNanos;
    private long receivedBytes;

    BodyReadTime(EventExecutor eventLoop) {
        this.eventLoop = eventLoop;
    }

    void onRequest(long buffers) {
        if (demand == 0) {
            waitingSinceNanos = nanoTime();
        }
        demand = Operators.addCap(demand, buffers);
    }

    void onReceive(int size) {
        waitedNanos += nanoTime() - waitingSinceNanos;
        waitingSinceNanos = nanoTime();
        receivedBytes += size;
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
    }

    /** Returns the time that the server has waited for the next buffer. */
    Duration currentWait() {
        return Duration.ofNanos(demand == 0 ? 0 : nanoTime() - waitingSinceNanos);
    }

    /** Returns the time that the server has waited for all buffers so far. */
    Duration totalWait() {
        return currentWait().plusNanos(waitedNanos);
    }

    long receivedBytes() {
        return receivedBytes;
    }

    private long nanoTime() {
        return eventLoop.ticker().nanoTime();
    }
}
