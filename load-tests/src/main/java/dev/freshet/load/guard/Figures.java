package dev.freshet.load.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Figures that follow from the measurements of a whole run. */
public final class Figures {

    /** The operation of figures of the server itself. */
    static final String SERVER = "server";

    /** Three times a p99 of a few milliseconds would be noise. */
    private static final double LATE_MILLIS = 100;

    private final Measured measured;
    private final Scrape scrape;

    Figures(Measured measured, Scrape scrape) {
        this.measured = measured;
        this.scrape = scrape;
    }

    /**
     * Records the growth, in percent, of an operation's p99 and of the server's heap from the first third to the last.
     */
    public void drift(String operation) {
        var seconds = measured.operations().get(operation);
        if (seconds != null) {
            measured.figure(
                    operation,
                    "drift",
                    drift(
                            seconds.seconds().stream()
                                    .filter(second -> second.measured() && second.count() > 0)
                                    .map(second -> second.percentiles().get(2))
                                    .toList(),
                            0.5));
        }
        // The memory in use just after a collection is the memory that is retained.
        measured.figure(
                SERVER,
                "heap drift",
                drift(
                        scrape.moments().stream()
                                .filter(moment -> moment.values().containsKey("jvm_memory_used_bytes_heap"))
                                .map(moment -> moment.values().get("jvm_memory_used_bytes_heap"))
                                .toList(),
                        0));
    }

    /** Records the growth of the server's memory outside its heap during the measured time, per connection. */
    public void memoryPer(String connection, int count) {
        var values = scrape.measured(Target.RESIDENT);
        if (!values.isEmpty()) {
            var growth = Math.max(0, values.getLast() - values.getFirst());
            measured.figure(SERVER, "memory per " + connection, growth / 1024 / count);
        }
    }

    /**
     * Records the knee of an operation's latency curve while its rate rises step by step. The knee is the highest rate
     * at which the p99 is at most {@value #LATE_MILLIS} ms, or three times that of the first step if this is more.
     */
    public void knee(String operation, double step, int count, double secondsOfStep) {
        var series = measured.operations().get(operation);
        if (series == null) {
            return;
        }
        var steps = new TreeMap<Integer, List<Double>>();
        var first = new AtomicInteger(-1);
        series.seconds().stream()
                .filter(second -> second.measured() && second.count() > 0)
                .forEach(second -> {
                    first.compareAndSet(-1, second.at());
                    var number = Math.min(count - 1, (int) ((second.at() - first.get()) / secondsOfStep));
                    steps.computeIfAbsent(number, absent -> new ArrayList<>())
                            .add(second.percentiles().get(2));
                });
        var knee = 0.0;
        for (var each : steps.entrySet()) {
            var limit = Math.max(LATE_MILLIS, 3 * quantile(steps.firstEntry().getValue(), 0.5));
            if (quantile(each.getValue(), 0.5) > limit) {
                break;
            }
            knee = (each.getKey() + 1) * step;
        }
        measured.figure(operation, "knee", knee);
    }

    /** Records what the server used in the measured time, and the worst second of each operation. Call it at the end. */
    void finish() {
        var cpu = scrape.measured("process_cpu_time_ns_total");
        var operations = measured.count();
        if (cpu.size() > 1 && operations > 0) {
            measured.figure(SERVER, "cpu per operation", (cpu.getLast() - cpu.getFirst()) / 1e3 / operations);
        }
        measured.operations()
                .forEach((operation, series) -> series.seconds().stream()
                        .filter(second -> second.measured() && second.count() > 0)
                        .mapToDouble(second -> second.percentiles().get(2))
                        .max()
                        .ifPresent(worst -> measured.figure(operation, "worst second", worst)));
    }

    private static double drift(List<Double> values, double quantile) {
        var third = values.size() / 3;
        if (third == 0) {
            return 0;
        }
        return 100
                * (quantile(values.subList(values.size() - third, values.size()), quantile)
                                / quantile(values.subList(0, third), quantile)
                        - 1);
    }

    private static double quantile(List<Double> values, double quantile) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((int) (quantile * (sorted.size() - 1)));
    }
}
