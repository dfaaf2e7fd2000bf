package dev.freshet.load.guard;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Watches whether the generator keeps up: the lag of its event loops behind a fixed schedule, and its share of the
 * machine's processors. A generator that lags measures itself.
 */
public final class Generator {

    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(20);

    private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();
    private final Series lag = new Series();
    private final Measured measured;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long cpuBefore;
    private long wallBefore;
    private double cpu;

    Generator(Measured measured) {
        this.measured = measured;
    }

    /** Watches the event loop from now on. */
    public void watch(EventLoop loop) {
        if (loops.add(loop)) {
            loop.execute(() -> next(loop, System.nanoTime()));
        }
    }

    private void next(EventLoop loop, long due) {
        var now = System.nanoTime();
        if (measured.isMeasuring()) {
            lag.record(Math.max(0, now - due), true, true);
            sampleCpu(now);
        }
        // At most once per turn, however late it is: the missed turns waited as long as this one.
        var next = Math.max(due + EVERY, now);
        if (!loop.isShuttingDown()) {
            loop.schedule(() -> next(loop, next), next - now, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void sampleCpu(long now) {
        var used = system.getProcessCpuTime();
        if (wallBefore == 0) {
            wallBefore = now;
            cpuBefore = used;
        } else if (now > wallBefore) {
            cpu = 100.0
                    * (used - cpuBefore)
                    / (now - wallBefore)
                    / Runtime.getRuntime().availableProcessors();
        }
    }

    /** Adds the figures to the measurements. Call it once, at the end. */
    synchronized void finish() {
        lag.tick(0, true);
        measured.figure("generator", "lag p99", lag.percentile(99));
        measured.figure("generator", "cpu", cpu);
    }
}
