package dev.freshet.load.regress;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.Home;
import dev.freshet.load.Options;
import dev.freshet.load.Usage;
import dev.freshet.load.guard.PlantedServer;
import dev.freshet.load.pages.Load;
import dev.freshet.load.pages.Requests;
import dev.freshet.load.streams.Freshet;
import dev.freshet.load.streams.Publishers;
import dev.freshet.load.streams.Subscribers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Compares the processor time that two jars take per page, delivery and publish. Both run at once on the servers' core;
 * the one that is not measured is idle. They are measured in turn, round after round, and started again several times.
 */
final class Regress {

    private static final String PAGE = "page";
    private static final int SECOND_PORTS = 10;
    private static final int STARTS = 10;
    private static final double SLOWER = 1.05;
    private static final double PUBLISHES_PER_SECOND = 100;
    private static final double DELIVERED_PER_SECOND = 20;
    private static final Load.Expected EXPECTED = new Load.Expected(200, 2, Long.MAX_VALUE);

    private final Options options;
    private final Duration time;

    private Regress(Options options) {
        this.options = options;
        this.time = Duration.ofSeconds(options.number("seconds"));
    }

    public static void main(String... args) throws IOException, InterruptedException {
        var options = new Options("Compares the processor time of two jars per page, delivery and publish.")
                .with("jar", "target/freshet.jar", "the base")
                .with("head", "target/freshet.jar", "the jar that may be slower")
                .with("starts", STARTS, "number of starts of both")
                .with("rounds", 4, "number of rounds per start")
                .with("seconds", 2, "seconds per measurement")
                .with("warm-up", 20, "seconds of load after a start, for pages and for deliveries")
                .with("subscribers", 1000, "number of streams")
                .with(
                        "plant",
                        0,
                        "percent of a page's processor time that a planted fault adds to each read of the head")
                .with("port", 24000, "first of the ports that are used")
                .with("work", "load-tests/target/regress/work", "folder of data and logs")
                .read(args);
        System.exit(new Regress(options).run() ? 0 : 1);
    }

    /** Returns whether the head is not slower. */
    private boolean run() throws IOException, InterruptedException {
        var base = side("base", options.path("jar"), 0, List.of());
        base.startStores();
        var plant = options.number("plant");
        var launch = plant == 0 ? List.<String>of() : planted(base, plant);
        var head = side("head", options.path("head"), SECOND_PORTS, launch);
        head.startStores();
        var ratios = new LinkedHashMap<String, List<Double>>();
        for (var start = 1; start <= options.number("starts"); start++) {
            for (var operation : compare(base, head, start).entrySet()) {
                ratios.computeIfAbsent(operation.getKey(), absent -> new ArrayList<>())
                        .add(operation.getValue());
            }
            System.out.println("Start " + start + ": " + last(ratios));
        }
        base.stopStores();
        head.stopStores();
        var results = ratios.entrySet().stream()
                .map(each -> new Ratios(each.getKey(), each.getValue()))
                .toList();
        results.forEach(System.out::println);
        if (options.path("jar").equals(options.path("head")) && plant == 0) {
            results.forEach(Regress::printTrust);
        }
        var slower = results.stream().filter(Ratios::isSlower).findFirst();
        System.out.println(slower.map(each -> String.format(
                        Locale.ROOT,
                        "The head is slower: a %s takes × %.3f of the processor time of the base",
                        each.operation(),
                        each.mean()))
                .orElse("The head is not slower"));
        return slower.isEmpty();
    }

    /** Prints how far comparisons on this machine can be trusted, from one of a commit with itself. */
    private static void printTrust(Ratios same) {
        System.out.printf(
                Locale.ROOT,
                "      %-9s of comparisons of %d starts, drawn from these: false alarms %.1f %%, a slowness of 5 %% found %.0f %%%n",
                same.operation(),
                STARTS,
                100 * same.shareOfSlower(STARTS, 1 / same.mean()),
                100 * same.shareOfSlower(STARTS, SLOWER / same.mean()));
    }

    private static String last(Map<String, List<Double>> ratios) {
        var line = new StringBuilder();
        ratios.forEach((name, all) -> line.append(String.format(Locale.ROOT, "%s × %.3f  ", name, all.getLast())));
        return line.toString();
    }

    private FreshetServers side(String name, Path jar, int offset, List<String> launch) throws IOException {
        var home = Home.of(options.path("work").resolve(name), jar);
        var port = options.number("port") + offset;
        if (home.token().isEmpty()) {
            try {
                home.prepare(port);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        var servers = new FreshetServers(home, port, launch.isEmpty() ? List.of("-jar", jar.toString()) : launch);
        servers.endWithThisProgram();
        return servers;
    }

    /** Returns the start of the head with a fault that costs a share of what a page of the base costs. */
    private List<String> planted(FreshetServers base, int percent) throws IOException, InterruptedException {
        base.startInstance();
        warmUp(base);
        base.settle();
        var nanos = Math.round(1000 * page(base) * percent / 100);
        base.stopInstance();
        System.out.println("Planted: " + nanos + " ns for each read");
        return PlantedServer.arguments(
                options.path("work").resolve("planted"), options.path("head"), "COSTLY_REQUESTS", nanos);
    }

    private Map<String, Double> compare(FreshetServers base, FreshetServers head, int start)
            throws IOException, InterruptedException {
        var sides = start % 2 == 0 ? List.of(base, head) : List.of(head, base);
        for (var side : sides) {
            side.startInstance();
            warmUp(side);
        }
        for (var side : sides) {
            side.settle();
        }
        var logarithms = new LinkedHashMap<String, List<Double>>();
        for (var round = 0; round < options.number("rounds"); round++) {
            var costs = new LinkedHashMap<FreshetServers, Map<String, Double>>();
            for (var side : round % 2 == 0 ? sides : sides.reversed()) {
                costs.put(side, costs(side));
            }
            var of = costs.getOrDefault(base, Map.of());
            costs.getOrDefault(head, Map.of())
                    .forEach((name, cost) -> logarithms
                            .computeIfAbsent(name, absent -> new ArrayList<>())
                            .add(Math.log(cost / of.getOrDefault(name, cost))));
        }
        for (var side : sides) {
            side.stopInstance();
        }
        var ratios = new LinkedHashMap<String, Double>();
        logarithms.forEach((name, all) -> ratios.put(name, Math.exp(median(all))));
        return ratios;
    }

    private static double median(List<Double> values) {
        var sorted = DoubleStream.of(
                        values.stream().mapToDouble(Double::doubleValue).toArray())
                .sorted()
                .toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private void warmUp(FreshetServers side) throws InterruptedException {
        var warmUp = Duration.ofSeconds(options.number("warm-up"));
        try (var load = pages(side)) {
            load.saturate(warmUp);
        }
        deliver(side, warmUp);
        publish(side, warmUp.dividedBy(2));
    }

    /** Returns microseconds of processor time by operation. */
    private Map<String, Double> costs(FreshetServers side) throws IOException, InterruptedException {
        new Freshet("side", side, false).collectGarbage();
        var costs = new LinkedHashMap<String, Double>();
        costs.put(PAGE, page(side));
        costs.put("delivery", deliver(side, time));
        costs.put("publish", publish(side, time));
        return costs;
    }

    private double page(FreshetServers side) throws InterruptedException {
        try (var load = pages(side)) {
            var before = Usage.cpuNanos(side.process());
            var count = load.saturate(time).answers();
            return (Usage.cpuNanos(side.process()) - before) / 1e3 / count;
        }
    }

    private Load pages(FreshetServers side) {
        return new Load(
                new Freshet("side", side, false).address(),
                64,
                Requests.same(Requests.PATH, Requests.COMPRESSED),
                EXPECTED);
    }

    private double deliver(FreshetServers side, Duration during) throws InterruptedException {
        var peer = new Freshet("side", side, false);
        var count = options.number("subscribers");
        try (var subscribers = new Subscribers(false);
                var publishers = new Publishers(peer, 4, number -> "regress")) {
            subscribers.open(peer.address(), count, number -> peer.path("regress"), false);
            var before = Usage.cpuNanos(side.process());
            publishers.atRate(during, DELIVERED_PER_SECOND);
            var deliveries = publishers.sent() * count;
            Subscribers.await(
                    () -> subscribers.total() >= deliveries, Duration.ofSeconds(30), deliveries + " deliveries");
            return (Usage.cpuNanos(side.process()) - before) / 1e3 / deliveries;
        }
    }

    private double publish(FreshetServers side, Duration during) throws InterruptedException {
        try (var publishers = new Publishers(new Freshet("side", side, false), 8, number -> "nobody")) {
            var before = Usage.cpuNanos(side.process());
            publishers.atRate(during, PUBLISHES_PER_SECOND);
            return (Usage.cpuNanos(side.process()) - before) / 1e3 / publishers.sent();
        }
    }
}
