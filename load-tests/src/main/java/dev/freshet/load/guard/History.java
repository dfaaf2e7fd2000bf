package dev.freshet.load.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recorded runs, one JSON object a line, for comparison with later ones.
 *
 * <p>A run is slower than another if both hold. The seconds of its load are slower by the Mann–Whitney U test, with a
 * probability of chance below 1 %. And the medians of its seconds differ by more than a tenth: a smaller difference may
 * be certain and yet not matter.
 */
final class History {

    private static final double CHANCE = 0.01;
    private static final double MATTERS = 1.1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * A run.
     *
     * @param seconds by operation and percentile, for example {@code page p99}: milliseconds, second by second
     */
    record Entry(
            String label,
            String at,
            String commit,
            String simulation,
            String profile,
            boolean green,
            Map<String, Double> figures,
            Map<String, List<Double>> seconds) {}

    /**
     * The comparison of one figure of two runs.
     *
     * @param ratio of the medians; above 1 is slower
     * @param chance the probability that seconds this slow come from the same distribution
     */
    record Comparison(String figure, double before, double now, double ratio, double chance, boolean isRegression) {}

    private final Path file;

    History(Path file) {
        this.file = file;
    }

    void add(Entry entry) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, JSON.writeValueAsString(entry) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Returns the last run of a label with all its figures. */
    Entry last(String label, String simulation, String profile) throws IOException {
        if (Files.exists(file)) {
            try (var lines = Files.lines(file)) {
                var found = lines.map(line -> JSON.readValue(line, Entry.class))
                        .filter(entry -> entry.label().equals(label)
                                && entry.simulation().equals(simulation)
                                && entry.profile().equals(profile))
                        .reduce((earlier, later) -> later);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new IOException("No run of " + simulation + " with the profile " + profile + " and -Dlabel=" + label
                + " is in " + file);
    }

    /** Returns all runs of a label, the earliest first. */
    List<Entry> all(String label) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + " does not exist: run the guard with --label " + label);
        }
        try (var lines = Files.lines(file)) {
            return lines.map(line -> JSON.readValue(line, Entry.class))
                    .filter(entry -> entry.label().equals(label))
                    .toList();
        }
    }

    static List<Comparison> compare(Entry before, Entry now) {
        var compared = new ArrayList<Comparison>();
        now.seconds().forEach((figure, seconds) -> {
            var earlier = before.seconds().getOrDefault(figure, List.of());
            // With fewer seconds no difference can be distinguished from chance.
            if (earlier.size() >= 5 && seconds.size() >= 5) {
                compared.add(compare(figure, array(earlier), array(seconds)));
            }
        });
        return compared;
    }

    private static Comparison compare(String figure, double[] before, double[] now) {
        var chance = MannWhitneyUTest.withDefaults()
                .with(AlternativeHypothesis.GREATER_THAN)
                .test(now, before)
                .getPValue();
        var ratio = median(now) / median(before);
        return new Comparison(figure, median(before), median(now), ratio, chance, chance < CHANCE && ratio > MATTERS);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(value -> value).toArray();
    }

    private static double median(double[] values) {
        var sorted = Arrays.stream(values).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** Returns the measured seconds of all operations in the form of an entry. */
    static Map<String, List<Double>> seconds(Measured measured) {
        var seconds = new LinkedHashMap<String, List<Double>>();
        measured.operations().forEach((operation, series) -> {
            for (var i = 0; i < Series.PERCENTILES.size(); i++) {
                var of = i;
                var values = series.seconds().stream()
                        .filter(second -> second.measured() && second.count() > 0)
                        .map(second -> second.percentiles().get(of))
                        .toList();
                if (!operation.equals(Measured.BARE) && Series.PERCENTILES.get(i) < 99.9) {
                    seconds.put(operation + " p" + Math.round(Series.PERCENTILES.get(i)), values);
                }
            }
        });
        return seconds;
    }
}
