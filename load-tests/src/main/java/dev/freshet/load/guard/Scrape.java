package dev.freshet.load.guard;

import dev.freshet.load.Buckets;
import dev.freshet.load.Home;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Samples the metrics of the server and its stores once a second. */
final class Scrape {

    // Name, labels and value of a line in Prometheus' text format.
    private static final Pattern LINE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? ([-+0-9.eEInfNa]+)");
    private static final Pattern LE = Pattern.compile("le=\"([^\"]+)\"");

    /**
     * One sample: sums over all labels of a name.
     *
     * @param measured whether it belongs to the measured time
     */
    record Moment(int at, boolean measured, Map<String, Double> values) {}

    private final Target target;
    private final Measured measured;
    private final long started = System.nanoTime();
    private final List<Moment> moments = new ArrayList<>();
    private final Map<String, Buckets> firstBuckets = new LinkedHashMap<>();
    private final Map<String, Buckets> lastBuckets = new LinkedHashMap<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scrape").factory());
    private boolean refused;

    Scrape(Target target, Measured measured) {
        this.target = target;
        this.measured = measured;
    }

    void start() {
        ticks.scheduleAtFixedRate(this::take, 0, 1, TimeUnit.SECONDS);
    }

    private void take() {
        try {
            var answer = Home.HTTP.send(
                    target.request("/actuator/prometheus")
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                note(answer.body());
            } else if (!refused) {
                refused = true;
                System.err.println("/actuator/prometheus answers " + answer.statusCode()
                        + ": give -Dtoken of an account with the scope ops to see the server's side");
            }
        } catch (IOException e) {
            // The next sample may succeed; a gap in the figures shows the failure.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(String text) {
        var values = new LinkedHashMap<String, Double>();
        var buckets = new LinkedHashMap<String, Buckets>();
        text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(LINE::matcher)
                .filter(line -> line.matches())
                .forEach(line -> {
                    var labels = line.group(2) == null ? "" : line.group(2);
                    var value = Double.parseDouble(line.group(3).replace("Inf", "Infinity"));
                    if (line.group(1).endsWith("_bucket")) {
                        var le = LE.matcher(labels);
                        if (le.find()) {
                            buckets.computeIfAbsent(line.group(1), absent -> new Buckets())
                                    .add(Buckets.bound(le.group(1)), value);
                        }
                    } else {
                        values.merge(name(line.group(1), labels), value, Double::sum);
                    }
                });
        values.putAll(target.counters());
        var counts = measured.isMeasuring();
        // The histograms of the measured time are the difference between its first sample and its last.
        if (counts && firstBuckets.isEmpty()) {
            firstBuckets.putAll(buckets);
        }
        if (counts || lastBuckets.isEmpty()) {
            lastBuckets.clear();
            lastBuckets.putAll(buckets);
        }
        moments.add(new Moment((int) ((System.nanoTime() - started) / 1_000_000_000L), counts, values));
    }

    private static String name(String name, String labels) {
        return name.equals("jvm_memory_used_bytes")
                ? name + (labels.contains("\"heap\"") ? "_heap" : "_nonheap")
                : name;
    }

    void stop() {
        ticks.shutdownNow();
    }

    synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** Returns the values of a name in the measured time, in order. */
    synchronized List<Double> measured(String name) {
        return moments.stream()
                .filter(Moment::measured)
                .map(moment -> moment.values().get(name))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Returns percentiles of the server's histograms in the measured time, in milliseconds: the upper bound of the
     * bucket.
     */
    synchronized Map<String, Map<Double, Double>> percentiles() {
        var found = new LinkedHashMap<String, Map<Double, Double>>();
        lastBuckets.forEach((name, buckets) -> {
            var measured = buckets.since(firstBuckets.getOrDefault(name, new Buckets()));
            var of = new LinkedHashMap<Double, Double>();
            for (var percentile : Series.PERCENTILES) {
                measured.percentile(percentile).ifPresent(millis -> of.put(percentile, millis));
            }
            if (!of.isEmpty()) {
                found.put(name.replace("_seconds_bucket", ""), of);
            }
        });
        return found;
    }
}
