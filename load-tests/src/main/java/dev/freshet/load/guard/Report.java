package dev.freshet.load.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** One page about all simulations of a run, in a single self-contained file. */
final class Report {

    // The server's metrics that get a chart: sums over all labels.
    private static final List<String> CHARTED = List.of(
            "freshet_subscribers",
            "freshet_subscribers_lag",
            "freshet_subscribers_pending",
            "freshet_catchup_reads_total",
            "jvm_memory_used_bytes_heap",
            "jvm_gc_pause_seconds_sum",
            "jvm_threads_live_threads",
            "process_cpu_usage",
            "system_cpu_usage",
            "r2dbc_pool_acquired_connections",
            "r2dbc_pool_pending_connections",
            Target.RESIDENT,
            "postgres commits",
            "postgres rows fetched",
            "postgres blocks read",
            "postgres connections",
            "redis commands",
            "redis memory");
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Settings settings;
    private final Path folder;

    Report(Settings settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    /** Removes the results of an earlier run of a simulation, so that they are never taken for those of this one. */
    static void forget(Path folder, String simulation) throws IOException {
        Files.deleteIfExists(folder.resolve(simulation + ".json"));
        Files.deleteIfExists(folder.resolve("report.html"));
    }

    /** Adds a simulation to the page of its run. */
    void add(
            History.Entry entry,
            Budget budget,
            Verdict verdict,
            Outcome outcome,
            List<History.Comparison> compared,
            Measured measured,
            Scrape scrape)
            throws IOException {
        var simulation = new LinkedHashMap<String, Object>();
        simulation.put("run", settings.run());
        simulation.put("simulation", budget.simulation());
        simulation.put("profile", budget.profile());
        simulation.put("at", entry.at());
        simulation.put("commit", entry.commit());
        simulation.put("label", settings.label());
        simulation.put("target", target());
        simulation.put(
                "plant",
                settings.plant() == Plant.Kind.NONE ? "" : settings.plant().toString());
        simulation.put("machine", machine());
        simulation.put("load", budget.load());
        simulation.put("outcome", outcome.toString());
        simulation.put("kept", outcome.isGreen());
        simulation.put("lines", verdict.lines().stream().map(Report::line).toList());
        simulation.put("before", settings.compare());
        simulation.put("compared", compared);
        simulation.put("operations", operations(measured));
        simulation.put("server", scrape.percentiles());
        simulation.put(
                "beside",
                Beside.of(measured, scrape.percentiles()).stream()
                        .map(Report::beside)
                        .toList());
        simulation.put("figures", measured.figures());
        simulation.put("histograms", Merge.encode(measured));
        simulation.put("moments", moments(scrape));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(budget.simulation() + ".json"), JSON.writeValueAsString(simulation));
        render();
    }

    private static Map<String, Object> line(Verdict.Line line) {
        var cells = new LinkedHashMap<String, Object>();
        cells.put("operation", line.operation());
        cells.put("figure", line.figure());
        cells.put("limit", line.limit().toString());
        cells.put("inEffect", line.inEffect());
        cells.put("unit", line.limit().unit());
        cells.put("measured", line.measured());
        cells.put("bare", line.limit().times() > 0 ? line.bare() : null);
        cells.put("ok", line.ok());
        return cells;
    }

    private static Map<String, Object> beside(Beside each) {
        var cells = new LinkedHashMap<String, Object>();
        cells.put("operation", each.operation());
        cells.put("percentile", each.percentile());
        cells.put("generator", each.generator());
        cells.put("server", each.server());
        cells.put("network", each.network());
        cells.put("publishing", each.publishing());
        cells.put("rest", each.rest());
        cells.put("explanation", each.explanation());
        return cells;
    }

    private static Map<String, Object> operations(Measured measured) {
        var operations = new LinkedHashMap<String, Object>();
        measured.operations().forEach((name, series) -> {
            var percentiles = new TreeMap<Double, Double>();
            Series.PERCENTILES.forEach(p -> percentiles.put(p, series.percentile(p)));
            operations.put(
                    name,
                    Map.of(
                            "seconds", series.seconds(),
                            "count", series.count(),
                            "errors", series.errors(),
                            "percentiles", percentiles));
        });
        return operations;
    }

    private static Map<String, List<double[]>> moments(Scrape scrape) {
        var kept = new LinkedHashMap<String, List<double[]>>();
        for (var moment : scrape.moments()) {
            for (var name : CHARTED) {
                var value = moment.values().get(name);
                if (value != null && Double.isFinite(value)) {
                    kept.computeIfAbsent(name, absent -> new ArrayList<>()).add(new double[] {moment.at(), value});
                }
            }
        }
        return kept;
    }

    private Object target() throws IOException {
        if (settings.held() != null) {
            return Held.read(settings.held()).articles() + " articles when it started, shared by several runs";
        }
        return settings.start() ? settings.articles() + " articles, started for this run" : settings.target();
    }

    private String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + Runtime.version()
                + (settings.slowness() == 1
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ". Slowness %.2f: rates are divided by it, and limits of times multiplied",
                                settings.slowness()));
    }

    private void render() throws IOException {
        var simulations = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            for (var file : files) {
                var json = Files.readString(file);
                if (settings.run().equals(JSON.readTree(json).path("run").asString())) {
                    simulations.add(json);
                }
            }
        }
        var page = resource("report.html")
                .replace("/* uPlot.css */", resource(UPLOT + "uPlot.min.css"))
                .replace("/* uPlot.js */", resource(UPLOT + "uPlot.iife.min.js"))
                // Escaped, so that no text can end the script element.
                .replace("/* data */", "[" + String.join(",\n", simulations).replace("</", "<\\/") + "]");
        Files.writeString(folder.resolve("report.html"), page);
    }

    private static String resource(String name) throws IOException {
        try (InputStream found = Report.class.getResourceAsStream(name)) {
            if (found == null) {
                throw new IOException("Missing resource: " + name);
            }
            return new String(found.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
