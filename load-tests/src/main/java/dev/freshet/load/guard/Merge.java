package dev.freshet.load.guard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Merges the results of several generators that ran the same simulations against one target, and judges them by the
 * budgets. Percentiles come from the sum of the histograms; they are never averaged.
 */
public final class Merge {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    // Figures that count events or readers; of all others the worst one is taken.
    private static final Set<String> SUMS =
            Set.of("published", "received", "subscribers", "lost", "doubled", "reordered", "resets", "knee");
    // Each generator divides by its own operations.
    private static final String CPU = Figures.SERVER + " cpu per operation";

    private final Map<String, TreeMap<Path, JsonNode>> simulations = new TreeMap<>();

    private Merge(List<Path> folders) throws IOException {
        for (var folder : folders) {
            try (var files = Files.newDirectoryStream(folder, "*.json")) {
                for (var file : files) {
                    var result = JSON.readTree(Files.readString(file));
                    simulations
                            .computeIfAbsent(result.path("simulation").asString(), absent -> new TreeMap<>())
                            .put(folder, result);
                }
            }
        }
    }

    /** @param args the table of budgets, the folder of the merged outcomes, and the folders of the generators */
    public static void main(String... args) throws IOException {
        var folders = Arrays.stream(args).skip(2).map(Path::of).toList();
        if (!new Merge(folders).judge(Path.of(args[0]), Path.of(args[1]), folders)) {
            System.exit(1);
        }
    }

    private boolean judge(Path table, Path merged, List<Path> folders) throws IOException {
        if (simulations.isEmpty()) {
            throw new IOException("No results are in " + folders);
        }
        var green = true;
        for (var simulation : simulations.entrySet()) {
            for (var folder : folders) {
                if (!simulation.getValue().containsKey(folder)) {
                    throw new IOException(folder + " has no results of " + simulation.getKey()
                            + ": its generator died, or ran something else");
                }
            }
            var results = List.copyOf(simulation.getValue().values());
            var profile = results.getFirst().path("profile").asString();
            var measured = merge(results);
            var verdict = Verdict.of(Budget.read(table, simulation.getKey(), profile, 1), measured);
            var outcome = results.stream()
                    .map(result -> result.path("outcome").asString())
                    .filter(text -> text.startsWith(Outcome.Kind.TARGET.toString()))
                    .findFirst()
                    .map(text -> new Outcome(Outcome.Kind.TARGET, text))
                    .orElseGet(verdict::outcome);
            System.out.println(simulation.getKey() + ", profile " + profile + ", " + results.size() + " generators, "
                    + measured.count() + " operations");
            verdict.lines().forEach(System.out::println);
            outcome.write(merged, simulation.getKey());
            System.out.println(simulation.getKey() + ": " + outcome + System.lineSeparator());
            green &= outcome.isGreen();
        }
        return green;
    }

    /** Adds up the results of several generators. */
    static Measured merge(List<JsonNode> results) throws IOException {
        var measured = new Measured(0, 0);
        measured.stop();
        var figures = new LinkedHashMap<String, Double>();
        for (var result : results) {
            for (var operation : result.path("histograms").properties()) {
                measured.add(
                        operation.getKey(),
                        decode(operation.getValue().path("times").asString()),
                        operation.getValue().path("failed").asLong());
            }
            result.path("figures")
                    .properties()
                    .forEach(figure -> figures.merge(
                            figure.getKey(),
                            figure.getValue().asDouble(),
                            (one, other) -> combine(figure.getKey(), one, other)));
        }
        figures.forEach((name, value) -> {
            var blank = name.indexOf(' ');
            measured.figure(name.substring(0, blank), name.substring(blank + 1), value);
        });
        return measured;
    }

    private static double combine(String name, double one, double other) {
        if (name.equals(CPU)) {
            return one == 0 || other == 0 ? 0 : 1 / (1 / one + 1 / other);
        }
        return SUMS.contains(name.substring(name.indexOf(' ') + 1)) ? one + other : Math.max(one, other);
    }

    /** Returns the histograms of all operations in the form of the results' file. */
    static Map<String, Object> encode(Measured measured) {
        var histograms = new LinkedHashMap<String, Object>();
        measured.operations().forEach((operation, series) -> {
            var times = series.histogram();
            var bytes = ByteBuffer.allocate(times.getNeededByteBufferCapacity());
            var length = times.encodeIntoCompressedByteBuffer(bytes);
            histograms.put(
                    operation,
                    Map.of(
                            "times",
                            Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length)),
                            "failed",
                            series.failed()));
        });
        return histograms;
    }

    private static Histogram decode(String text) throws IOException {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException e) {
            throw new IOException("A histogram of the results is damaged", e);
        }
    }
}
