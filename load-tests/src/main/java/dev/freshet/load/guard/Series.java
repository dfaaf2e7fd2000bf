package dev.freshet.load.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** The measurements of one operation, second by second. Times are in milliseconds. */
final class Series {

    /** The percentiles of each second. */
    static final List<Double> PERCENTILES = List.of(50.0, 95.0, 99.0, 99.9);

    /**
     * One second.
     *
     * @param at seconds from the beginning
     * @param percentiles in the order of {@link #PERCENTILES}; empty where no operation ended in that second
     */
    record Second(int at, boolean measured, long count, List<Double> percentiles) {}

    private final Recorder recorder = new Recorder(TimeUnit.MINUTES.toNanos(10), 3);
    private final Recorder measuredTimes = new Recorder(TimeUnit.MINUTES.toNanos(10), 3);
    private final Histogram total = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
    private final List<Second> seconds = new ArrayList<>();
    private final LongAdder errors = new LongAdder();

    /**
     * Records an operation.
     *
     * @param measured whether it began in the measured time. However late it ends, it counts
     */
    void record(long nanos, boolean ok, boolean measured) {
        var time = Math.clamp(nanos, 0, TimeUnit.MINUTES.toNanos(10));
        recorder.recordValue(time);
        if (measured) {
            measuredTimes.recordValue(time);
            if (!ok) {
                errors.increment();
            }
        }
    }

    /** Adds the measured times and the number of errors of another generator. */
    synchronized void add(Histogram times, long failed) {
        total.add(times);
        errors.add(failed);
    }

    /** Returns all measured times, in nanoseconds. */
    synchronized Histogram histogram() {
        return total.copy();
    }

    long failed() {
        return errors.sum();
    }

    /** Ends a second. */
    synchronized void tick(int second, boolean measured) {
        var interval = recorder.getIntervalHistogram();
        total.add(measuredTimes.getIntervalHistogram());
        seconds.add(new Second(second, measured, interval.getTotalCount(), percentiles(interval)));
    }

    private static List<Double> percentiles(Histogram histogram) {
        return histogram.getTotalCount() == 0
                ? List.of()
                : PERCENTILES.stream().map(p -> millis(histogram, p)).toList();
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }

    synchronized List<Second> seconds() {
        return List.copyOf(seconds);
    }

    synchronized long count() {
        return total.getTotalCount();
    }

    synchronized double percentile(double percentile) {
        return millis(total, percentile);
    }

    /** Returns the share of operations that failed, in percent. */
    synchronized double errors() {
        return total.getTotalCount() == 0 ? 0 : 100.0 * errors.sum() / total.getTotalCount();
    }
}
