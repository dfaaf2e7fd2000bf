package dev.freshet.load.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.freshet.load.Home;
import dev.freshet.load.Options;
import dev.freshet.load.Pause;
import dev.freshet.load.chaos.Oracle.Account;
import dev.freshet.load.chaos.Oracle.Acknowledged;
import dev.freshet.load.guard.PlantedServer;
import dev.freshet.load.planted.UnconfirmedDeliveries;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Runs publishers and readers against several instances while everything around them breaks. At the end it compares the
 * results of each with the feed log.
 */
public final class Chaos {

    private static final Duration SETTLING = Duration.ofMinutes(3);
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Options options;
    private final Stage stage;
    private final Random random;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final Targets targets;
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private final List<String> differences = new ArrayList<>();
    private final Instant start = Instant.now();

    private Chaos(Options options, Stage stage) {
        this.options = options;
        this.stage = stage;
        this.targets = new Targets(stage.brokers());
        this.random = new Random(options.seed());
    }

    /** Exits with 0 if no reader missed an event, otherwise with 1 after printing the first differences. */
    public static void main(String[] args) throws Exception {
        // Otherwise the clients of the brokers report each fault.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        var options = new Options("""
                        Breaks everything around three instances of Freshet while it is written to and read from, and \
                        compares the results with the feed log.""")
                .with("seed", Math.abs(new Random().nextInt()), "selects the faults and their times")
                .with("duration", Duration.ofMinutes(1), "duration of the faults")
                .with("readers", 24, "number of readers, up to 200")
                .with("webhooks", 4, "number of webhooks, up to 50")
                .with("topics", 3, "number of topics of Kafka, up to 20; without one, Kafka is not started")
                .with("queues", 3, "number of queues of RabbitMQ, up to 20; none where it is not installed")
                .with("publishers", 4, "number of publishers, up to 32")
                .with("rate", 20, "changes per second of all publishers together")
                .with("http", "2", "HTTP version: 2, by an upgrade request, or 1.1")
                .with("faults", "usual", "faults: usual, all, none, or names such as redis_flush,instance_kill")
                .with(
                        "plant",
                        "none",
                        "drop: discard one event of one reader; cursor: move cursors though deliveries are not confirmed; to check that it is detected")
                .with("port", 23000, "the first of 41 ports on the loopback address")
                .with("jar", "target/freshet.jar", "Freshet")
                .with("folder", "", "folder of data and logs; by default a new one, deleted if all is well")
                .read(args);
        var folder =
                options.text("folder").isEmpty() ? Files.createTempDirectory("freshet-chaos-") : options.path("folder");
        System.out.printf("Seed %d; data and logs in %s%n", options.seed(), folder);
        var home = Home.of(folder, options.path("jar"));
        home.prepare(options.number("port"));
        boolean well;
        var brokers =
                new Brokers(home, options.number("port") + 33, options.number("topics"), options.number("queues"));
        try (var stage = new Stage(home, options.number("port"), launch(options, home), brokers)) {
            well = new Chaos(options, stage).run();
        }
        if (well && options.text("folder").isEmpty()) {
            FileSystemUtils.deleteRecursively(folder);
        }
        System.exit(well ? 0 : 1);
    }

    private static List<String> launch(Options options, Home home) throws IOException {
        return options.text("plant").equals("cursor")
                ? PlantedServer.arguments(home.folder().resolve("planted"), home.jar(), UnconfirmedDeliveries.NAME, 0)
                : List.of("-jar", home.jar().toString());
    }

    private boolean run() throws IOException, InterruptedException, SQLException {
        say("all servers have started");
        begin();
        breakThings();
        var acknowledged = settle();
        var oracle = new Oracle(stage.log().rows(), stage.histories());
        differences.addAll(oracle.gaps());
        differences.addAll(oracle.unpublished(acknowledged));
        var accounts = finish(oracle);
        if (options.text("plant").equals("drop")) {
            plant(accounts);
        }
        if (oracle.gaps().isEmpty()) {
            accounts.forEach(account -> differences.addAll(oracle.missing(account)));
        }
        summarise(oracle, accounts);
        return differences.isEmpty();
    }

    private void begin() throws IOException, InterruptedException {
        var port = options.number("port");
        var http = HttpClient.newBuilder()
                .version(options.text("http").equals("2") ? Version.HTTP_2 : Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .build();
        var writing = Math.clamp(options.number("publishers"), 1, 32);
        var pace = Duration.ofSeconds(writing).dividedBy(Math.max(1, options.number("rate")));
        for (var i = 0; i < writing; i++) {
            publishers.add(new Publisher("publisher-" + i, port, stage.token(), http, pace, random.nextLong()));
        }
        targets.subscribe(port, stage.token(), Math.clamp(options.number("webhooks"), 0, 50), random);
        if (!Pause.until(SETTLING, () -> stage.log().hasDelivered())) {
            fail("not all targets received an event");
        }
        for (var i = 0; i < Math.clamp(options.number("readers"), 1, 200); i++) {
            var feed = Feed.of(i);
            var sse = i / 2 % 2 == 0 ^ i % 2 == 0;
            readers.add(new Reader(
                    "reader-%d (%s)".formatted(i, sse ? "SSE" : "NDJSON"),
                    port,
                    feed,
                    sse,
                    i % 3 == 0,
                    random.nextLong()));
        }
    }

    private void breakThings() throws InterruptedException {
        var plan = Plan.of(options.seed(), options.duration("duration"), faults());
        Set<String> broken = ConcurrentHashMap.newKeySet();
        var happening = new ArrayList<Thread>();
        for (var step : plan.steps()) {
            Pause.of(step.after());
            var place = step.fault().place(step.which());
            if (!broken.add(place)) {
                continue;
            }
            happened.merge(step.fault(), 1, Integer::sum);
            say(name(step.fault()) + " at " + place.toLowerCase(Locale.ROOT) + ", "
                    + step.length().toMillis() + " ms");
            happening.add(Thread.ofVirtual().start(() -> {
                try {
                    step.fault().happen(stage, step);
                } catch (IOException | RuntimeException e) {
                    fail(name(step.fault()) + ": " + e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    broken.remove(place);
                }
            }));
        }
        if (plan.steps().isEmpty()) {
            Pause.of(options.duration("duration"));
        }
        for (var thread : happening) {
            thread.join();
        }
    }

    private List<Fault> faults() {
        var chosen = switch (options.text("faults")) {
            case "usual" -> Fault.USUAL.stream();
            case "all" -> Stream.of(Fault.values());
            case "none" -> Stream.<Fault>empty();
            default ->
                Stream.of(options.text("faults").split(",")).map(name -> Fault.valueOf(name.toUpperCase(Locale.ROOT)));
        };
        return chosen.filter(stage.brokers()::allow).toList();
    }

    /** Waits until all servers are healthy and every request has a response. */
    private List<Acknowledged> settle() throws IOException, InterruptedException {
        stage.heal();
        say("all faults are repaired");
        var acknowledged = new ArrayList<Acknowledged>();
        for (var publisher : publishers) {
            acknowledged.add(publisher.stop(SETTLING));
            var failure = publisher.failure();
            if (failure != null) {
                fail(failure);
            }
        }
        return acknowledged;
    }

    /**
     * Waits until the readers have reached the end of the log and all events are delivered. Checks that the readers receive
     * nothing after it.
     */
    private List<Account> finish(Oracle oracle) throws IOException, InterruptedException {
        for (var reader : readers) {
            var last = oracle.last(reader.feed());
            if (!Pause.until(SETTLING, () -> reader.reached() >= last)) {
                fail(reader.name() + " came to " + reader.reached() + " only, of " + last);
            }
        }
        if (!Pause.until(SETTLING, () -> undelivered().isEmpty())) {
            undelivered().forEach(this::fail);
        }
        say("all readers and targets have had time to reach the end");
        stage.clients().cut(index -> true);
        Pause.of(QUIET);
        var accounts = new ArrayList<Account>();
        for (var reader : readers) {
            accounts.add(reader.stop());
        }
        accounts.addAll(targets.finish(oracle));
        return accounts;
    }

    private List<String> undelivered() {
        try {
            return stage.log().undelivered();
        } catch (IOException e) {
            return List.of("The subscriptions cannot be read: " + e);
        }
    }

    private void plant(List<Account> accounts) {
        var victim = accounts.get(random.nextInt(accounts.size())).received();
        say("planted: forgot " + victim.remove(random.nextInt(victim.size())));
    }

    private void summarise(Oracle oracle, List<Account> accounts) {
        var ends = new TreeMap<String, Integer>();
        readers.forEach(reader -> reader.ends().forEach((how, times) -> ends.merge(how, times, Integer::sum)));
        var faults = new TreeMap<String, Integer>();
        happened.forEach((fault, times) -> faults.put(name(fault), times));
        System.out.printf(
                """

                seed       %d
                log        %d events, %d histories
                published  by %d publishers, %d requests sent again
                received   %d events and %d resets by %d readers over %d streams
                delivered  to %s, %d events again
                ends       %s
                faults     %s
                exit codes after SIGTERM: %s
                """,
                options.seed(),
                oracle.log().size(),
                oracle.histories().size(),
                publishers.size(),
                publishers.stream().mapToInt(Publisher::retries).sum(),
                count(accounts, Received.Change.class),
                count(accounts, Received.Reset.class),
                readers.size(),
                readers.stream().mapToInt(Reader::streams).sum(),
                targets,
                targets.repeated(),
                ends,
                faults,
                stage.exitCodes());
        if (differences.isEmpty()) {
            System.out.println("WELL: no reader or target missed an event, and no reader got one twice");
            return;
        }
        System.out.printf("%nWRONG: %d differences%n", differences.size());
        differences.stream().limit(40).forEach(System.out::println);
        System.out.println("Repeat with: load-tests/run chaos " + options.line());
    }

    private static long count(List<Account> accounts, Class<? extends Received> kind) {
        return accounts.stream()
                .flatMap(account -> account.received().stream())
                .filter(kind::isInstance)
                .count();
    }

    private static String name(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }

    private synchronized void fail(String difference) {
        say(difference);
        differences.add(difference);
    }

    private void say(String text) {
        System.out.printf(
                "%7.1f s  %s%n", Duration.between(start, Instant.now()).toMillis() / 1000.0, text);
    }
}
