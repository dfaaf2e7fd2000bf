package dev.freshet.load.guard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * All measurements of a simulation. Those before the load, during the warm-up and after the end are kept separate. Safe
 * for use by all threads.
 */
public final class Measured {

    // Until then the bare handler and the generator warm up.
    private static final long BARE_WARM_UP = TimeUnit.SECONDS.toNanos(4);

    /** The requests to the bare handler, which come first. */
    public static final String BARE = "bare";

    private final Map<String, Series> operations = new ConcurrentSkipListMap<>();
    private final Map<String, Double> figures = new ConcurrentSkipListMap<>();
    private final AtomicLong begin = new AtomicLong();
    private final AtomicLong firstBare = new AtomicLong();
    private final long warmUp;
    private final long end;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("seconds").factory());

    Measured(double warmUpSeconds, double measuredSeconds) {
        this.warmUp = (long) (warmUpSeconds * 1e9);
        this.end = (long) ((warmUpSeconds + measuredSeconds) * 1e9);
        ticks.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        var second = (int) ((System.nanoTime() - started) / 1_000_000_000L);
        var ended = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(500);
        operations.forEach((name, series) -> series.tick(second, isMeasured(name, ended)));
    }

    /** Begins the load; only the first call has an effect. */
    public void begin() {
        begin.compareAndSet(0, System.nanoTime());
    }

    /** Returns whether an operation that begins now counts. */
    public boolean isMeasuring() {
        return isMeasured(System.nanoTime());
    }

    private boolean isMeasured(String operation, long at) {
        return operation.equals(BARE) ? firstBare.get() != 0 && at - firstBare.get() >= BARE_WARM_UP : isMeasured(at);
    }

    private boolean isMeasured(long at) {
        var since = at - begin.get();
        return begin.get() != 0 && since >= warmUp && since < end;
    }

    /** Returns the seconds since the load began; 0 before. */
    public double elapsed() {
        return begin.get() == 0 ? 0 : (System.nanoTime() - begin.get()) / 1e9;
    }

    /** Returns whether the load is over. */
    public boolean isOver() {
        return begin.get() != 0 && System.nanoTime() - begin.get() >= end;
    }

    /** Records an operation that ends now. */
    public void record(String operation, long startNanos, boolean ok) {
        record(operation, startNanos, System.nanoTime(), ok);
    }

    /** Records an operation; times as of {@link System#nanoTime}. */
    public void record(String operation, long startNanos, long endNanos, boolean ok) {
        if (operation.equals(BARE)) {
            firstBare.compareAndSet(0, startNanos);
        }
        operations
                .computeIfAbsent(operation, absent -> new Series())
                .record(endNanos - startNanos, ok, isMeasured(operation, startNanos));
    }

    /** Returns the number of measured operations, without those of the bare handler. */
    long count() {
        return operations.entrySet().stream()
                .filter(operation -> !operation.getKey().equals(BARE))
                .mapToLong(operation -> operation.getValue().count())
                .sum();
    }

    /** Adds the measurements of an operation by another generator. */
    void add(String operation, Histogram times, long failed) {
        operations.computeIfAbsent(operation, absent -> new Series()).add(times, failed);
    }

    /** Records a figure of an operation that is not a time, for example the number of lost events. */
    public void figure(String operation, String name, double value) {
        figures.put(operation + " " + name, value);
    }

    void stop() {
        ticks.shutdownNow();
        tick();
    }

    Map<String, Series> operations() {
        return new LinkedHashMap<>(operations);
    }

    Map<String, Double> figures() {
        return new LinkedHashMap<>(figures);
    }
}
