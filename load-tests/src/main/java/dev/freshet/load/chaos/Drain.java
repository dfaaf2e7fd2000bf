package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import dev.freshet.load.Options;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.springframework.util.FileSystemUtils;

/** Stops one of two instances behind a proxy, under its readers and while articles are published. */
public final class Drain {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration BEFORE = Duration.ofSeconds(5);
    /** The window of the drain, which is also the longest delay that a browser is asked to wait. */
    private static final Duration AFTER = Duration.ofSeconds(5 + 6 + 4);

    private static final long BUCKET_MILLIS = 500;

    private final Options options;
    private final Home home;
    private final int proxy;
    private final int staying;
    private final AtomicLong published = new AtomicLong();
    private volatile boolean done;

    private Drain(Options options, Home home) {
        this.options = options;
        this.home = home;
        this.proxy = options.number("port");
        this.staying = proxy + 2;
    }

    /** Exits with 0 if each reader came back at most once and missed nothing. */
    public static void main(String[] args) throws Exception {
        var options = new Options("""
                        Stops one of two instances behind a proxy while readers follow them, and shows when and how often \
                        each came back, and that none missed anything.""")
                .with("streams", 5000, "number of readers; a process may need two files for each")
                .with("format", "both", "sse (as browsers), ndjson, or both")
                .with("rate", 2, "articles published per second")
                .with("proxy", "haproxy", "haproxy or nginx")
                .with("config", "config", "the folder of its file")
                .with("heap", "512m", "of each instance")
                .with("port", 23200, "first of 20 ports on the loopback address")
                .with("jar", "target/freshet.jar", "Freshet")
                .read(args);
        var proxy = Proxy.valueOf(options.text("proxy").toUpperCase(Locale.ROOT));
        var program = proxy.installed();
        if (program == null) {
            System.out.println("SKIPPED, " + options.text("proxy") + " is not installed: " + proxy.howToGet());
            return;
        }
        var folder = Files.createTempDirectory("freshet-drain-");
        folder.toFile().setExecutable(true, false);
        var home = Home.of(folder, options.path("jar"));
        var well = new Drain(options, home).run(proxy, program);
        if (well) {
            FileSystemUtils.deleteRecursively(folder);
        } else {
            System.out.println("Logs are in " + folder);
        }
        System.exit(well ? 0 : 1);
    }

    private boolean run(Proxy kind, Path program) throws IOException, InterruptedException {
        var leaving = proxy + 1;
        home.prepare(leaving);
        var postgres = home.postgres(proxy + 10);
        start(postgres, "QUIT");
        start(home.redis("redis", proxy + 11), "KILL");
        var settings = Map.of(
                "FRESHET_POSTGRES_URL",
                "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (proxy + 10) + "/freshet",
                "FRESHET_REDIS_URL",
                "redis://:" + home.password() + "@127.0.0.1:" + (proxy + 11),
                Home.HEAP,
                options.text("heap"));
        var one = home.freshet("leaving", leaving, settings);
        var two = home.freshet("staying", staying, settings);
        start(one, "KILL");
        start(two, "KILL");
        Home.awaitHealth(one, leaving);
        Home.awaitHealth(two, staying);
        start(kind.server(program, options.path("config"), home.folder(), proxy, leaving, staying, 60), "TERM");
        if (!Pause.until(TIMEOUT, () -> Home.isHealthy(proxy))) {
            throw new IOException("The proxy does not start");
        }
        return drain(one, open());
    }

    private static void start(Server server, String end) throws IOException {
        server.start();
        server.endWithThisProgram(end);
    }

    private List<DrainReader> open() throws IOException {
        var readers = new ArrayList<DrainReader>();
        for (var i = 0; i < options.number("streams"); i++) {
            // Pairs of a format: a proxy that takes turns sends both formats to both instances.
            var sse = options.text("format").equals("both")
                    ? i / 2 % 2 == 0
                    : options.text("format").equals("sse");
            readers.add(new DrainReader(proxy, sse, i));
            // No more at a time than a proxy's accept queue holds.
            Pause.of(Duration.ofMillis(2));
        }
        if (!Pause.until(TIMEOUT, () -> readers.stream().allMatch(DrainReader::isLive))) {
            throw new IOException(
                    readers.stream().filter(reader -> !reader.isLive()).count() + " streams did not open");
        }
        return readers;
    }

    private boolean drain(Server leaving, List<DrainReader> readers) throws IOException, InterruptedException {
        var onLeaving = openStreams(proxy + 1);
        System.out.printf("%d streams are open, %d of them on the instance that stops%n", readers.size(), onLeaving);
        var publisher = Thread.ofVirtual().start(this::publish);
        Pause.of(BEFORE);
        var start = System.nanoTime();
        var exitCode = leaving.end("TERM");
        var took = (System.nanoTime() - start) / 1_000_000;
        Pause.of(AFTER);
        done = true;
        publisher.join();
        var last = published.get();
        var complete = Pause.until(TIMEOUT, () -> readers.stream().allMatch(reader -> reader.reached() >= last));
        for (var reader : readers) {
            reader.stop();
        }

        System.out.printf("exit code %d after %d ms; %d events%n", exitCode, took, last);
        System.out.println("streams that ended, per half second after SIGTERM");
        histogram(
                readers.stream().flatMapToLong(reader -> reader.ends().stream().mapToLong(t -> t - start)));
        System.out.println("streams that came back, per half second after SIGTERM");
        histogram(readers.stream()
                .flatMapToLong(reader -> reader.opened().stream().skip(1).mapToLong(t -> t - start)));
        var times = new TreeMap<Integer, Integer>();
        var reasons = new TreeMap<String, Integer>();
        for (var reader : readers) {
            times.merge(reader.attempts() - 1, 1, Integer::sum);
            reader.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        }
        System.out.println("reconnects -> readers " + times);
        System.out.println("streams ended because " + reasons);
        var wrong = readers.stream()
                .flatMap(reader -> reader.differences().stream())
                .toList();
        wrong.stream().limit(10).forEach(System.out::println);
        var well = true;
        well &= acknowledged("no event was lost or sent twice", wrong.isEmpty() && complete && last > 0);
        well &= acknowledged("each reader reconnected at most once", times.lastKey() <= 1);
        well &= acknowledged("the exit code is 0", exitCode == 0);
        return well;
    }

    private static boolean acknowledged(String what, boolean so) {
        System.out.println((so ? "WELL: " : "FAILED: ") + what);
        return so;
    }

    private static void histogram(LongStream nanos) {
        var buckets = new TreeMap<Long, Integer>();
        nanos.forEach(time -> buckets.merge(Math.floorDiv(time / 1_000_000, BUCKET_MILLIS), 1, Integer::sum));
        var most = buckets.values().stream().mapToInt(count -> count).max().orElse(1);
        buckets.forEach((bucket, count) -> System.out.printf(
                "%6.1f s %6d %s%n",
                bucket * BUCKET_MILLIS / 1000.0, count, "#".repeat(Math.max(1, count * 50 / most))));
    }

    private long openStreams(int instance) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + instance + "/actuator/prometheus"))
                .header("Authorization", "Bearer " + home.token())
                .build();
        return Home.HTTP
                .send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.matches("freshet_subscribers[ {].*"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void publish() {
        var pace = Duration.ofSeconds(1).dividedBy(options.number("rate"));
        while (!done) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + staying + "/api/v1/articles"))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + home.token())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("""
                            {"title": "While one stops", "body": "Still here.", "status": "published"}"""))
                    .build();
            try {
                var status = Home.HTTP.send(request, BodyHandlers.discarding()).statusCode();
                if (status == 201) {
                    published.incrementAndGet();
                } else {
                    System.out.println("A publish got " + status);
                }
            } catch (IOException e) {
                System.out.println("A publish failed: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            Pause.of(pace);
        }
    }
}
