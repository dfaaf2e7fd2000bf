package dev.freshet.load.streams;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.Home;
import dev.freshet.load.Meter;
import dev.freshet.load.Options;
import dev.freshet.load.Results;
import dev.freshet.load.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/** Runs the scenarios with all peers in turn, for several rounds, and writes the table. */
final class Compare {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    // The maximum number of undelivered events, each to all subscribers, while the server is saturated.
    private static final int AHEAD = 3;
    private static final int EVENT_RATE = 100;
    private static final double STORM_RATE = 50;

    private final Options options;
    private final Results results = new Results(
            "Streams of Freshet and its peers",
            "Medians of the rounds, with minimum and maximum. × is the ratio to Nchan, pgbench, or Freshet's own streams:"
                    + " the median of the rounds' ratios, with the least and the greatest.",
            List.of("nchan", "pgbench", "freshet"));
    private final List<Peer> peers = new ArrayList<>();
    private Optional<PgBench> pgbench = Optional.empty();

    private Compare(Options options) {
        this.options = options;
    }

    public static void main(String... args) {
        var options = new Options("Compares streams of Freshet with Nchan's and those of a plain WebFlux service.")
                .with("scenarios", "deliver,latency,burst,topics,slow,event,publish,memory", "scenarios, in this order")
                .with(
                        "peers",
                        "freshet,freshet-delivers,nchan,webflux",
                        "peers; graphql too: the streams of freshet over GraphQL")
                .with("counts", "100,1000,10000,15000", "numbers of subscribers, where events are delivered")
                .with("publishers", "1,8,32,256", "numbers of publishers, where articles are published")
                .with("bodies", "150,600,3000,10000", "characters of their bodies")
                .with("rounds", 5, "number of rounds")
                .with("seconds", 10, "seconds per measurement")
                .with("warm-up", 120, "seconds of load before the first measurement of each JVM")
                .with(
                        "rate",
                        0,
                        "events a second for latency, slow and storm; 0 for half the rate of the slower peer, or 50 in a storm")
                .with("port", 21000, "first of the ports that are used")
                .with("jar", "target/freshet.jar", "Freshet")
                .with("work", "load-tests/target/compare", "folder of data and logs")
                .with("results", "load-tests/results", "folder of the table")
                .with("name", "streams", "name of its files")
                .read(args);
        try {
            new Compare(options).run();
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void run() throws Exception {
        results.setting("command", "load-tests/run compare " + options.line());
        results.setting("machine", Results.machine());
        var work = options.path("work");
        Files.createDirectories(work);
        var names = List.of(options.text("peers").split(","));
        var port = options.number("port");
        var home = prepared(work, port);
        var freshet = new FreshetServers(home, port + 10);
        var nchan = new Nchan(work, port + 20);
        var webflux = new WebFlux(work, port + 30);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(freshet, nchan, webflux)));
        if (names.contains("freshet") || names.contains("freshet-delivers") || names.contains("graphql")) {
            freshet.start();
        }
        if (List.of(options.text("scenarios").split(",")).contains("publish")) {
            preparePgBench(home, freshet.postgresPort());
        }
        if (names.contains("nchan") && Nchan.isInstalled()) {
            nchan.start();
        }
        if (names.contains("webflux")) {
            webflux.start();
        }
        var streams = new Freshet("freshet", freshet, false);
        for (var peer : List.of(
                streams, new Freshet("freshet-delivers", freshet, true), new GraphQl(streams), nchan, webflux)) {
            if (names.contains(peer.name())) {
                take(peer);
            }
        }
        if (peers.stream().anyMatch(peer -> peer instanceof Freshet || peer instanceof GraphQl)) {
            freshet.settle();
        }
        if (peers.contains(webflux)) {
            webflux.settle();
        }
        for (var scenario : options.text("scenarios").split(",")) {
            run(scenario);
            results.write(options.path("results"), options.text("name"));
        }
    }

    private void preparePgBench(Home home, int port) throws SQLException, IOException {
        if (PgBench.program().isEmpty()) {
            results.note("pgbench is left out: apt-get install postgresql-contrib");
            return;
        }
        var made = new PgBench(home, port);
        made.prepare();
        pgbench = Optional.of(made);
    }

    private Home prepared(Path work, int port) throws IOException, InterruptedException {
        var home = Home.of(work, options.path("jar"));
        home.prepare(port);
        return home;
    }

    private static void stop(FreshetServers freshet, Nchan nchan, WebFlux webflux) {
        try {
            freshet.stop();
            nchan.stop();
            webflux.stop();
        } catch (IOException e) {
            System.err.println(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Peer peer) throws InterruptedException {
        if (peer instanceof Nchan && !Nchan.isInstalled()) {
            results.note("nchan is left out: apt-get install nginx-light libnginx-mod-nchan");
            return;
        }
        peers.add(peer);
        results.setting(peer.name(), peer.description());
        warmUp(peer);
    }

    private void warmUp(Peer peer) throws InterruptedException {
        if (!peer.name().equals("nchan")) {
            System.out.println("Warming up " + peer.name());
            var third = Duration.ofSeconds(options.number("warm-up")).dividedBy(3);
            // Code that runs once per event or group of events is compiled well only after some thousand of them.
            if (peer.hasTopics()) {
                for (var count : new int[] {1, 32}) {
                    try (var publishers = new Publishers(peer, count, number -> "nobody")) {
                        publishers.saturate(third, () -> false);
                    }
                }
            }
            saturate(peer, 1000, third);
        }
    }

    private void run(String scenario) throws Exception {
        var seconds = Duration.ofSeconds(options.number("seconds"));
        for (var round = 0; round < options.number("rounds"); round++) {
            switch (scenario) {
                case "deliver" -> {
                    for (var count : numbers("counts")) {
                        for (var peer : peers) {
                            results.add("deliver to " + count, peer.name(), saturate(peer, count, seconds));
                        }
                    }
                }
                case "latency" -> {
                    for (var count : numbers("counts")) {
                        for (var peer : peers) {
                            if (results.median("deliver to " + count, peer.name(), "deliveries/s")
                                            .orElse(rate(count) * count)
                                    < rate(count) * count) {
                                continue;
                            }
                            results.add("latency at " + count, peer.name(), latency(peer, count, 0, rate(count)));
                        }
                    }
                }
                case "slow" -> {
                    for (var peer : peers) {
                        results.add("latency without slow ones", peer.name(), latency(peer, 10_000, 0, rate(10_000)));
                        results.add("latency with 1 % slow ones", peer.name(), latency(peer, 9_900, 100, rate(10_000)));
                    }
                }
                case "burst" -> {
                    for (var peer : peers) {
                        results.add("burst of 2000 to 1000", peer.name(), burst(peer));
                    }
                }
                case "memory" -> {
                    for (var peer : peers) {
                        // The same instance serves both.
                        if (!peer.name().equals("freshet-delivers")) {
                            results.add("memory of 15000 idle", peer.name(), memory(peer));
                        }
                    }
                }
                case "topics" -> {
                    for (var peer : peers) {
                        if (peer.hasTopics()) {
                            results.add("10 subscribers of 1 topic", peer.name(), topics(peer, 10, 1));
                            results.add("10000 subscribers of 1000 topics", peer.name(), topics(peer, 10_000, 1000));
                            results.add("10000 subscribers of 10000 topics", peer.name(), topics(peer, 10_000, 10_000));
                        }
                    }
                }
                case "publish" -> publish(peers.getFirst());
                case "event" -> {
                    for (var peer : peers) {
                        if (peer.hasTopics()) {
                            results.add("event without subscribers", peer.name(), event(peer));
                        }
                    }
                }
                case "storm" ->
                    results.add("10000 come back within 2 s", peers.getFirst().name(), storm(peers.getFirst()));
                case "churn" ->
                    results.add("500 come and go a second", peers.getFirst().name(), churn(peers.getFirst()));
                default -> throw new IllegalArgumentException("No such scenario: " + scenario);
            }
        }
    }

    private List<Integer> numbers(String option) {
        return Arrays.stream(options.text(option).split(","))
                .map(Integer::valueOf)
                .toList();
    }

    /** Returns half the rate of events of the slower of Freshet and Nchan. */
    private double rate(int count) {
        var given = Double.parseDouble(options.text("rate"));
        if (given > 0) {
            return given;
        }
        var slower = List.of("freshet", "nchan").stream()
                .map(peer -> results.median("deliver to " + count, peer, "deliveries/s"))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min()
                .orElseThrow(() -> new IllegalStateException("Give a --rate, or deliver to " + count + " first"));
        return slower / count / 2;
    }

    private Map<String, Double> saturate(Peer peer, int count, Duration time) throws InterruptedException {
        try (var subscribers = open(peer, count, 1);
                var publishers = new Publishers(peer, 4, number -> "topic0")) {
            var meter = meter(peer);
            publishers.saturate(time, () -> subscribers.total() < (publishers.sent() - AHEAD) * count);
            var received = awaitAll(subscribers, publishers.sent() * count);
            var used = meter.stop();
            var figures = used.figures(received.events(), "delivery", "deliveries");
            figures.put("events/s", publishers.sent() / used.seconds());
            // The cost of an event without deliveries, at the same rate.
            var perEvent = idle(peer, publishers.sent() / used.seconds());
            figures.put("server CPU µs/event without subscribers", perEvent * 1e6);
            figures.put(
                    "server CPU µs/delivery beyond that",
                    (used.serverSeconds() - perEvent * publishers.sent()) * 1e6 / received.events());
            return verified(figures, subscribers, received);
        }
    }

    private double idle(Peer peer, double rate) throws InterruptedException {
        try (var publishers = new Publishers(peer, 4, number -> "nobody")) {
            var meter = meter(peer);
            publishers.atRate(Duration.ofSeconds(2), rate);
            return peer.hasTopics() ? meter.stop().serverSeconds() / publishers.sent() : 0;
        }
    }

    private Map<String, Double> latency(Peer peer, int count, int slow, double rate)
            throws InterruptedException, IOException {
        try (var subscribers = open(peer, count, 1);
                var publishers = new Publishers(peer, 16, number -> "topic0")) {
            if (slow > 0) {
                subscribers.open(peer.address(), slow, number -> peer.path("topic0"), true);
            }
            peer.collectGarbage();
            publishers.atRate(Duration.ofSeconds(2), rate);
            awaitSome(subscribers, publishers.sent() * count);
            subscribers.take();
            publishers.answers().reset();
            var before = publishers.sent();
            var earlier = peer.deliveryTimes();
            var meter = meter(peer);
            publishers.atRate(Duration.ofSeconds(options.number("seconds")), rate);
            awaitSome(subscribers, publishers.sent() * count);
            var received = subscribers.take();
            var figures = meter.stop().figures(received.events(), "delivery", "deliveries");
            figures.put("events/s", (publishers.sent() - before) / (double) options.number("seconds"));
            percentiles("received after ms, ", received.latency(), figures);
            percentiles("answered after ms, ", publishers.answers(), figures);
            var times = peer.deliveryTimes().since(earlier);
            for (var percentile : new double[] {50, 99}) {
                times.percentile(percentile)
                        .ifPresent(millis -> figures.put("commit to last subscriber ms, p" + (int) percentile, millis));
            }
            return verified(figures, subscribers, received);
        }
    }

    private static void percentiles(String what, Histogram histogram, Map<String, Double> figures) {
        for (var percentile : new double[] {50, 99, 99.9}) {
            figures.put(
                    what + "p" + (percentile == (int) percentile ? "" + (int) percentile : "" + percentile),
                    histogram.getValueAtPercentile(percentile) / 1e6);
        }
    }

    private Map<String, Double> burst(Peer peer) throws InterruptedException {
        var count = 1000;
        var events = 2000;
        try (var subscribers = open(peer, count, 1);
                var publishers = new Publishers(peer, 32, number -> "topic0")) {
            var meter = meter(peer);
            publishers.burst(events);
            var received = awaitAll(subscribers, (long) events * count);
            var used = meter.stop();
            var figures = used.figures(received.events(), "delivery", "deliveries");
            figures.put("deliveries/CPU second", received.events() / used.serverSeconds());
            return verified(figures, subscribers, received);
        }
    }

    private Map<String, Double> memory(Peer peer) throws InterruptedException, IOException {
        var count = 15_000;
        peer.restart();
        // Memory that the server loads for its first subscribers is not theirs.
        open(peer, 100, 1).close();
        TimeUnit.SECONDS.sleep(1);
        peer.collectGarbage();
        var before = Usage.residentBytes(peer.processes());
        try (var subscribers = open(peer, count, 1)) {
            TimeUnit.SECONDS.sleep(2);
            peer.collectGarbage();
            var after = Usage.residentBytes(peer.processes());
            var figures = new LinkedHashMap<String, Double>();
            figures.put("resident KB/subscriber more than before", (after - before) / 1024.0 / count);
            figures.put("resident MB in all", after / 1024.0 / 1024.0);
            figures.put("streams lost", (double) subscribers.lost());
            return figures;
        }
    }

    private Map<String, Double> topics(Peer peer, int count, int topics) throws InterruptedException {
        IntFunction<String> topic = number -> "topic" + number % topics;
        try (var subscribers = open(peer, count, topics);
                var publishers = new Publishers(peer, 4, topic)) {
            var meter = meter(peer);
            publishers.atRate(Duration.ofSeconds(options.number("seconds")), 100);
            var received = awaitAll(subscribers, publishers.sent() * (count / topics));
            var used = meter.stop();
            var figures = used.figures(received.events(), "delivery", "deliveries");
            figures.put("server CPU µs/event", used.serverSeconds() * 1e6 / publishers.sent());
            figures.put("deliveries/event", received.events() / (double) publishers.sent());
            figures.put("streams lost", (double) subscribers.lost());
            return figures;
        }
    }

    private void publish(Peer peer) throws IOException, InterruptedException {
        if (!(peer instanceof Freshet freshet)) {
            throw new IllegalArgumentException("The first of the peers must be freshet or freshet-delivers to publish");
        }
        var publishing = new Publishing(freshet, pgbench, results, Duration.ofSeconds(options.number("seconds")));
        for (var characters : numbers("bodies")) {
            publishing.measure(characters, numbers("publishers"));
        }
    }

    /** Publishes events that no subscriber gets, and compares with the same time without events. */
    private Map<String, Double> event(Peer peer) throws InterruptedException {
        var time = Duration.ofSeconds(options.number("seconds"));
        var idle = meter(peer);
        TimeUnit.SECONDS.sleep(time.toSeconds());
        var idleSeconds = idle.stop().serverSeconds();
        try (var publishers = new Publishers(peer, 8, number -> "nobody")) {
            var meter = meter(peer);
            publishers.atRate(time, EVENT_RATE);
            var seconds = meter.stop().serverSeconds();
            return Map.of("server CPU µs/event", (seconds - idleSeconds) * 1e6 / publishers.sent());
        }
    }

    /** Cuts all subscribers of the first peer at once, while events are published. */
    private Map<String, Double> storm(Peer peer) throws Exception {
        var count = 10_000;
        var given = Double.parseDouble(options.text("rate"));
        var rate = given > 0 ? given : STORM_RATE;
        try (var subscribers = new Subscribers(true);
                var publishers = new Publishers(peer, 16, number -> "topic0")) {
            subscribers.open(peer.address(), count, number -> peer.path("topic0"), false);
            publishers.atRate(Duration.ofSeconds(5), rate);
            awaitSome(subscribers, publishers.sent() * count);
            subscribers.take();
            var reads = peer.logReads();
            var figures = new LinkedHashMap<String, Double>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var publishing = threads.submit(() -> {
                    publishers.atRate(Duration.ofSeconds(20), rate);
                    return null;
                });
                TimeUnit.SECONDS.sleep(3);
                percentiles("before, received after ms, ", subscribers.take().latency(), figures);
                var meter = meter(peer);
                subscribers.cutAll(Duration.ofSeconds(2));
                TimeUnit.SECONDS.sleep(7);
                var received = subscribers.take();
                figures.putAll(meter.stop().figures(received.events(), "delivery", "deliveries"));
                percentiles("new events within 7 s of the cut, received after ms, ", received.latency(), figures);
                percentiles("missed events, received ms after the new connect, ", received.catchUp(), figures);
                publishing.get();
            }
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (subscribers.total() < publishers.sent() * count && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            var received = subscribers.take();
            figures.put("connections refused", (double) subscribers.refused());
            figures.put("streams lost", (double) subscribers.lost());
            percentiles("later, received after ms, ", received.latency(), figures);
            figures.put("log reads", peer.logReads() - reads);
            figures.put("missing", (double) (publishers.sent() * count - subscribers.total()));
            figures.put("out of order, twice or missing", (double) received.faults());
            return figures;
        }
    }

    /** Opens and closes streams of the first peer, 500 a second. */
    private Map<String, Double> churn(Peer peer) throws InterruptedException, IOException {
        try (var subscribers = open(peer, 1000, 1);
                var publishers = new Publishers(peer, 4, number -> "topic0")) {
            visits(subscribers, peer, Duration.ofSeconds(10));
            peer.collectGarbage();
            var memory = Usage.residentBytes(peer.processes());
            var files = Usage.openFiles(peer.processes());
            visits(subscribers, peer, Duration.ofSeconds(60));
            publishers.atRate(Duration.ofSeconds(1), 10);
            awaitSome(subscribers, publishers.sent() * 1000);
            TimeUnit.SECONDS.sleep(2);
            peer.collectGarbage();
            var figures = new LinkedHashMap<String, Double>();
            figures.put("resident MB before", memory / 1024.0 / 1024.0);
            figures.put("resident MB after", Usage.residentBytes(peer.processes()) / 1024.0 / 1024.0);
            figures.put("open files before", (double) files);
            figures.put("open files after", (double) Usage.openFiles(peer.processes()));
            figures.put("streams lost", (double) subscribers.lost());
            return figures;
        }
    }

    private static void visits(Subscribers subscribers, Peer peer, Duration time) throws InterruptedException {
        for (var left = time.toMillis() / 2; left > 0; left--) {
            subscribers.visit(peer.address(), peer.path("topic0"));
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private static Subscribers open(Peer peer, int count, int topics) throws InterruptedException {
        var subscribers = new Subscribers(false);
        try {
            subscribers.open(peer.address(), count, number -> peer.path("topic" + number % topics, number), false);
        } catch (IllegalStateException e) {
            // A signal needs a file, so the servers could not be stopped.
            subscribers.close();
            throw e;
        }
        // The first bytes of a response may arrive before the server has counted the subscriber.
        TimeUnit.MILLISECONDS.sleep(500);
        return subscribers;
    }

    private static Subscribers.Received awaitAll(Subscribers subscribers, long expected) throws InterruptedException {
        awaitSome(subscribers, expected);
        return subscribers.take();
    }

    private static void awaitSome(Subscribers subscribers, long expected) throws InterruptedException {
        try {
            Subscribers.await(() -> subscribers.total() >= expected, TIMEOUT, expected + " deliveries");
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    e.getMessage() + ": " + subscribers.total() + " arrived, " + subscribers.lost()
                            + " streams were lost, " + subscribers.refused() + " connections were refused",
                    e);
        }
    }

    private Map<String, Double> verified(
            Map<String, Double> figures, Subscribers subscribers, Subscribers.Received received) {
        figures.put("out of order, twice or missing", (double) received.faults());
        figures.put("streams lost", (double) subscribers.lost());
        return figures;
    }

    private static Meter meter(Peer peer) {
        return new Meter(peer.processes(), peer.others());
    }
}
