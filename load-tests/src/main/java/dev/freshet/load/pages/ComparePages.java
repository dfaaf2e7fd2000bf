package dev.freshet.load.pages;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.GraphQlDocuments;
import dev.freshet.load.Home;
import dev.freshet.load.Jvm;
import dev.freshet.load.Meter;
import dev.freshet.load.Options;
import dev.freshet.load.Results;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the scenarios with all peers in turn, for several rounds, and writes the table. */
final class ComparePages {

    private static final String CONTROLLER = "controller";
    private static final String GRAPHQL = "graphql";
    private static final String EVERY_SCENARIO =
            "cached,not-modified,uncached,graphql-cached,graphql-uncached,mixed,depth,import";
    private static final int SAMPLES = 20;

    private final Options options;
    private final Results results = new Results(
            "Pages of Freshet and its peers",
            "Medians of the rounds, with minimum and maximum. × is the ratio to the peer that does least (bare"
                    + " Netty, Vert.x), to the JSON page, or to the same without a publisher or import: the median of"
                    + " the rounds' ratios, with the least and the greatest.",
            List.of("netty", "vertx", Mixed.QUIET, Imports.QUIET, "freshet"));
    private final List<PeerProcess> processes = new ArrayList<>();

    private ComparePages(Options options) {
        this.options = options;
    }

    public static void main(String... args) {
        var options = new Options("Compares pages of Freshet with those of other services.")
                .with(
                        "scenarios",
                        "cached,not-modified,uncached,mixed,depth,import",
                        "scenarios, graphql-cached and graphql-uncached too; their order is fixed")
                .with("peers", "freshet,netty,controller,webflux,vertx", "peers; freshet is always one")
                .with("rounds", 5, "number of rounds")
                .with("seconds", 10, "seconds per measurement")
                .with(
                        "warm-up",
                        120,
                        "seconds of load before the first measurement of each JVM; again for mixed, depth and import")
                .with("connections", 64, "connections of the readers")
                .with("articles", 10_000, "number of articles")
                .with("depths", "", "numbers of articles for depth, for example 100000,1000000")
                .with(
                        "rate",
                        0,
                        "requests a second of open loops; 0 for half the rate of the slower peer, for import 1,000")
                .with("port", 23000, "first of the ports that are used")
                .with("jar", "target/freshet.jar", "Freshet")
                .with("work", "load-tests/target/pages", "folder of data and logs")
                .with("results", "load-tests/results", "folder of the table")
                .with("name", "pages", "name of its files")
                .read(args);
        try {
            new ComparePages(options).run();
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void run() throws Exception {
        results.setting("command", "load-tests/run compare-pages " + options.line());
        results.setting("machine", Results.machine());
        var work = options.path("work");
        var port = options.number("port");
        var home = Home.of(work, options.path("jar"));
        if (home.token().isEmpty()) {
            home.prepare(port);
        }
        var servers = new FreshetServers(home, port + 10);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(servers)));
        servers.startStores();
        var database = new Database(home, servers);
        database.restore(options.number("articles"));
        var freshet = new Peer("freshet", Jvm.description(), servers.port(), servers::process);
        var scenarios = scenarios(home, servers, database, freshet);
        for (var peer : scenarios.stream()
                .flatMap(each -> each.peers().stream())
                .distinct()
                .toList()) {
            results.setting(peer.name(), peer.description());
            warmUp(peer, scenarios);
        }
        servers.settle();
        for (var process : processes) {
            process.settle();
        }
        for (var scenario : scenarios) {
            compare(scenario, servers);
            write();
        }
        // These scenarios change the database.
        if (isWanted("mixed")) {
            var mixed = new Mixed(servers, freshet, options, results);
            warmUp(servers, mixed::warmUp);
            mixed.run();
            write();
        }
        if (isWanted("depth")) {
            var depth = new Depth(database, servers, freshet, options, results);
            warmUp(servers, depth::warmUp);
            depth.run();
            write();
        }
        if (isWanted("import")) {
            var imports = new Imports(servers, freshet, options, results);
            warmUp(servers, imports::warmUp);
            imports.run();
            write();
        }
    }

    private interface WarmUp {
        void run(Duration time) throws Exception;
    }

    private void warmUp(FreshetServers servers, WarmUp warmUp) throws Exception {
        System.out.println("Warming up freshet again");
        servers.unsettle();
        warmUp.run(Duration.ofSeconds(options.number("warm-up")));
        servers.settle();
    }

    private void stop(FreshetServers servers) {
        try {
            for (var process : processes) {
                process.stop();
            }
            servers.stop();
        } catch (IOException e) {
            System.err.println(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() throws IOException {
        results.write(options.path("results"), options.text("name"));
    }

    private boolean isWanted(String scenario) {
        return List.of(options.text("scenarios").split(",")).contains(scenario);
    }

    /** Returns the scenarios with several peers, whose processes are started. */
    private List<Scenario> scenarios(Home home, FreshetServers servers, Database database, Peer freshet)
            throws Exception {
        if (!Arrays.asList(EVERY_SCENARIO.split(",")).containsAll(wanted("scenarios"))) {
            throw new IllegalArgumentException("Scenarios are " + EVERY_SCENARIO);
        }
        var scenarios = new ArrayList<Scenario>();
        if (isWanted("cached") || isWanted("not-modified")) {
            scenarios.addAll(cached(home.folder(), freshet));
        }
        if (isWanted("uncached")) {
            scenarios.add(uncached(home, servers, database, freshet));
        }
        if (isWanted("graphql-cached")) {
            scenarios.add(cachedGraphQl(freshet));
        }
        if (isWanted("graphql-uncached")) {
            scenarios.add(uncachedGraphQl(database, freshet));
        }
        return scenarios;
    }

    private Set<String> wanted(String option) {
        return Set.of(options.text(option).split(","));
    }

    private List<Scenario> cached(Path work, Peer freshet) throws Exception {
        var address = freshet.address(Requests.PATH);
        var page = RecordedResponse.request(address, Requests.COMPRESSED);
        var again = Requests.with(Requests.COMPRESSED, "If-None-Match", page.etag());
        var unchanged = page.etag().isEmpty() ? page : RecordedResponse.request(address, again);
        var pageFile = work.resolve("page.json");
        var unchangedFile = work.resolve("unchanged.json");
        page.write(pageFile);
        unchanged.write(unchangedFile);
        results.setting("page", "%,d bytes with the headers %s".formatted(page.body().length, page.headers()));
        var port = options.number("port");
        var peers = new ArrayList<Peer>();
        add(peers, Optional.of(freshet));
        add(
                peers,
                started(
                        new Peer("netty", "a bare handler of Reactor Netty; " + Jvm.description(), port + 20, () -> 0),
                        BareNetty.class,
                        Map.of(),
                        List.of(Integer.toString(port + 20), pageFile.toString(), unchangedFile.toString()),
                        work));
        add(
                peers,
                started(
                        new Peer(
                                CONTROLLER,
                                "a @RestController behind Spring Boot's security and observations; "
                                        + Jvm.description(),
                                port + 21,
                                () -> 0),
                        CachedController.class,
                        Map.of("SERVER_PORT", Integer.toString(port + 21), "PAGE", pageFile.toString()),
                        List.of(),
                        work));
        var scenarios = new ArrayList<Scenario>();
        if (isWanted("cached")) {
            var length = page.body().length;
            scenarios.add(new Scenario(
                    "cached",
                    peers,
                    peer -> Requests.same(Requests.PATH, Requests.COMPRESSED),
                    new Load.Expected(200, length, length)));
        }
        if (isWanted("not-modified") && unchanged.status() == 304) {
            scenarios.add(new Scenario(
                    "not-modified", peers, peer -> Requests.same(Requests.PATH, again), new Load.Expected(304, 0, 0)));
        } else if (isWanted("not-modified")) {
            results.note("not-modified is left out: this Freshet answers If-None-Match with " + unchanged.status());
        }
        return scenarios;
    }

    private Scenario uncached(Home home, FreshetServers servers, Database database, Peer freshet) throws Exception {
        var port = options.number("port");
        var postgres = Integer.toString(servers.postgresPort());
        var peers = new ArrayList<Peer>();
        add(peers, Optional.of(freshet));
        add(
                peers,
                started(
                        new Peer(
                                "webflux",
                                "WebFlux and DatabaseClient, without security and metrics; " + Jvm.description(),
                                port + 22,
                                () -> 0),
                        PlainPages.class,
                        Map.of(
                                "SERVER_PORT",
                                Integer.toString(port + 22),
                                "SPRING_R2DBC_URL",
                                "r2dbc:postgresql://127.0.0.1:" + postgres + "/freshet",
                                "SPRING_R2DBC_USERNAME",
                                "freshet",
                                "SPRING_R2DBC_PASSWORD",
                                home.password()),
                        List.of(),
                        home.folder()));
        add(
                peers,
                started(
                        new Peer(
                                "vertx",
                                "Vert.x and its pipelining client of PostgreSQL; " + Jvm.description(),
                                port + 23,
                                () -> 0),
                        VertxPages.class,
                        Map.of("POSTGRES_PORT", postgres, "POSTGRES_PASSWORD", home.password()),
                        List.of(Integer.toString(port + 23)),
                        home.folder()));
        var keys = database.keys();
        verifySame(peers, keys);
        // Smaller than any page of twenty, so that a page without articles is detected.
        return new Scenario(
                "uncached", peers, peer -> Requests.unique("", keys), new Load.Expected(200, 4000, Long.MAX_VALUE));
    }

    /** Compares a cached page of twenty with the same page by GraphQL, with ten fields of each article. */
    private static Scenario cachedGraphQl(Peer freshet) {
        return graphQl(
                "cached",
                freshet,
                Requests.same(Requests.PATH, Requests.JSON),
                Requests.same(GraphQlDocuments.page(0), Requests.JSON));
    }

    /** Compares the same pages where none of them is cached. */
    private static Scenario uncachedGraphQl(Database database, Peer freshet) throws Exception {
        var keys = database.keys();
        return graphQl(
                "uncached",
                freshet,
                Requests.unique("", keys),
                Requests.each(() -> GraphQlDocuments.pageAfter(keys.next())));
    }

    private static Scenario graphQl(String name, Peer freshet, Supplier<ByteBuf> pages, Supplier<ByteBuf> documents) {
        var graphQl = new Peer(GRAPHQL, "the same pages by GraphQL", freshet.port(), freshet.process());
        return new Scenario(
                "graphql, " + name,
                List.of(freshet, graphQl),
                peer -> peer.equals(graphQl) ? documents : pages,
                new Load.Expected(200, 4000, Long.MAX_VALUE));
    }

    private static void add(List<Peer> peers, Optional<Peer> peer) {
        peer.ifPresent(peers::add);
    }

    private Optional<Peer> started(
            Peer peer, Class<?> program, Map<String, String> environment, List<String> arguments, Path work)
            throws Exception {
        if (!wanted("peers").contains(peer.name())) {
            return Optional.empty();
        }
        var process = new PeerProcess(peer, program, environment, arguments, work);
        processes.add(process);
        process.start();
        return Optional.of(process.peer());
    }

    /** Peers must do the same work: some pages of all have the same articles in the same order. */
    private static void verifySame(List<Peer> peers, PageKeys keys) throws IOException, InterruptedException {
        for (var i = 0; i < SAMPLES; i++) {
            var path = Requests.PATH + "?before=" + keys.next();
            var expected = articles(peers.getFirst(), path);
            for (var peer : peers) {
                var found = articles(peer, path);
                if (expected.isEmpty() || !found.equals(expected)) {
                    throw new IllegalStateException(peer.name() + " answers " + path + " with other articles: " + found
                            + " instead of " + expected);
                }
            }
        }
    }

    private static List<String> articles(Peer peer, String path) throws IOException, InterruptedException {
        var page = RecordedResponse.request(peer.address(path), Requests.JSON);
        if (page.status() != 200) {
            throw new IOException(peer.name() + " answers " + path + " with " + page.status());
        }
        var tree = JsonMapper.shared().readTree(page.body());
        return tree.path("items").valueStream().map(JsonNode::toString).toList();
    }

    private void warmUp(Peer peer, List<Scenario> scenarios) throws InterruptedException {
        System.out.println("Warming up " + peer.name());
        var its = scenarios.stream()
                .filter(scenario -> scenario.peers().contains(peer))
                .toList();
        var time = Duration.ofSeconds(options.number("warm-up")).dividedBy(its.size());
        for (var scenario : its) {
            try (var load = load(scenario, peer)) {
                load.saturate(time);
            }
        }
    }

    private Load load(Scenario scenario, Peer peer) {
        return new Load(
                peer.address(),
                options.number("connections"),
                scenario.requests().apply(peer),
                scenario.expected());
    }

    private void compare(Scenario scenario, FreshetServers servers) throws IOException, InterruptedException {
        var time = Duration.ofSeconds(options.number("seconds"));
        var saturated = scenario.name() + ", saturated";
        for (var round = 0; round < options.number("rounds"); round++) {
            for (var peer : scenario.peers()) {
                try (var load = load(scenario, peer)) {
                    var meter = new Meter(peer.processes(), servers.others());
                    var outcome = load.saturate(time);
                    results.add(saturated, peer.name(), figures(meter.stop(), outcome));
                }
            }
        }
        var rate = rate(scenario.peers(), saturated);
        var half = scenario.name() + ", at %,.0f requests/s".formatted(rate);
        var able = new ArrayList<Peer>();
        for (var peer : scenario.peers()) {
            if (results.median(saturated, peer.name(), "requests/s").orElse(0) > rate) {
                able.add(peer);
            } else {
                results.note(peer.name() + " is left out of " + half + ", which is more than its maximum");
            }
        }
        for (var round = 0; round < options.number("rounds"); round++) {
            for (var peer : able) {
                peer.collectGarbage();
                try (var load = load(scenario, peer)) {
                    // The work that the pause left behind is not the peer's.
                    load.atRate(Duration.ofSeconds(1), rate);
                    var meter = new Meter(peer.processes(), servers.others());
                    var outcome = load.atRate(time, rate);
                    results.add(half, peer.name(), figures(meter.stop(), outcome));
                }
            }
        }
    }

    /** Returns half the rate of the slowest peer, the controller excluded, which is there for contrast. */
    private double rate(List<Peer> peers, String saturated) {
        var given = Double.parseDouble(options.text("rate"));
        return given > 0
                ? given
                : peers.stream()
                                .filter(peer ->
                                        peers.size() == 1 || !peer.name().equals(CONTROLLER))
                                .flatMapToDouble(peer -> results.median(saturated, peer.name(), "requests/s").stream())
                                .min()
                                .orElseThrow()
                        / 2;
    }

    private static Map<String, Double> figures(Meter.Used used, Load.Outcome outcome) {
        var figures = used.figures(outcome.answers(), "request", "requests");
        figures.put("requests/CPU second of the server", outcome.answers() / used.serverSeconds());
        percentiles("", outcome.latency(), figures);
        return figures;
    }

    static void percentiles(String what, Histogram latency, Map<String, Double> figures) {
        figures.put("answered after ms, " + what + "p50", latency.getValueAtPercentile(50) / 1e6);
        figures.put("answered after ms, " + what + "p99", latency.getValueAtPercentile(99) / 1e6);
        figures.put("answered after ms, " + what + "p99.9", latency.getValueAtPercentile(99.9) / 1e6);
    }
}
