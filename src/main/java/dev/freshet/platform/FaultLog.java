package dev.freshet.platform;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs at most one fault a minute of repeated work, since every attempt fails during an outage of a store. The next line
 * counts the other faults, which are logged only at the debug level. Any thread may call it.
 */
public final class FaultLog {

    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final Level level;
    private final LongSupplier nanoTime;
    private final AtomicLong due;
    private final AtomicLong omitted = new AtomicLong();

    /**
     * Creates a log of one kind of fault.
     *
     * @param level the level of the line in each minute
     */
    public FaultLog(Logger log, Level level) {
        this(log, level, System::nanoTime);
    }

    FaultLog(Logger log, Level level, LongSupplier nanoTime) {
        this.log = log;
        this.level = level;
        this.nanoTime = nanoTime;
        this.due = new AtomicLong(nanoTime.getAsLong());
    }

    /** Logs a fault, if none was logged in the last minute. */
    public void report(String message, Throwable fault) {
        var now = nanoTime.getAsLong();
        var time = due.get();
        if (now - time < 0 || !due.compareAndSet(time, now + INTERVAL_NANOS)) {
            omitted.incrementAndGet();
            log.debug(message, fault);
            return;
        }
        var before = omitted.getAndSet(0);
        var line = before == 0 ? message : message + " (" + before + " more since the last line)";
        log.atLevel(level).setCause(fault).log(line);
    }
}
