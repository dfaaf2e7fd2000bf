package dev.freshet.content.article;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The time of the next look for due articles. So an instance does not query the store while nothing is due. Articles that
 * other instances schedule are found by a regular look. Safe for use by any thread.
 */
@Component
final class DueTimer {

    /** The time between regular looks. It also bounds the delay of an article whose instance stops before it is due. */
    static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private final AtomicLong next;

    @Autowired
    DueTimer() {
        this(System::nanoTime);
    }

    DueTimer(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** Returns whether it is time for a look. Then the next one is regular, unless an article is added. */
    boolean elapse() {
        var now = nanoTime.getAsLong();
        var time = next.get();
        return now - time >= 0 && next.compareAndSet(time, now + MAX_PAUSE.toNanos());
    }

    /** Adds an article that is due after some time, which may be zero or less. */
    void add(Duration untilDue) {
        var pause = untilDue.compareTo(MAX_PAUSE) < 0 ? untilDue : MAX_PAUSE;
        var time = nanoTime.getAsLong() + Math.max(0, pause.toNanos());
        next.accumulateAndGet(time, (earlier, added) -> added - earlier < 0 ? added : earlier);
    }
}
