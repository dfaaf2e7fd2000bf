package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import dev.freshet.load.Options;
import dev.freshet.load.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams through real proxies with their shipped configurations. */
public final class Proxies {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration MAX_DELAY = Duration.ofSeconds(2);
    /** The longest silence that the proxies allow in this test, in seconds. */
    private static final int SILENCE = 3;

    private static final int PUBLISHED = 5;
    private static final int PAGES = 20;
    private static final int STREAMS_PER_ADDRESS = 6;

    private final Path configurations;
    private final Home home;
    private final int port;

    private Proxies(Path configurations, Home home, int port) {
        this.configurations = configurations;
        this.home = home;
        this.port = port;
    }

    /** Exits with 0 if streams pass all proxies that are installed. */
    public static void main(String[] args) throws Exception {
        var options = new Options("Streams through nginx, HAProxy and Varnish with the files of config/.")
                .with("config", "config", "folder of these files")
                .with("port", 23100, "first of 20 ports on the loopback address")
                .with("jar", "target/freshet.jar", "Freshet")
                .read(args);
        var folder = Files.createTempDirectory("freshet-proxies-");
        // Some proxies drop root privileges and still need to read this folder.
        folder.toFile().setExecutable(true, false);
        var port = options.number("port");
        var home = Home.of(folder, options.path("jar"));
        var freshet = home.embedding(
                port + 1,
                Map.of(
                        "FRESHET_STREAM_HEARTBEAT", "1s",
                        "FRESHET_CDN_MAXAGE", "1h",
                        "FRESHET_STREAM_MAXPERADDRESS", "" + STREAMS_PER_ADDRESS,
                        "FRESHET_LIMITS_TRUSTEDPROXIES", "127.0.0.1"));
        freshet.start();
        freshet.endWithThisProgram("TERM");
        home.awaitFirst(freshet, port + 1);
        var well = new Proxies(options.path("config"), home, port).run();
        freshet.end("TERM");
        if (well) {
            FileSystemUtils.deleteRecursively(folder);
        } else {
            System.out.println("Logs are in " + folder);
        }
        System.exit(well ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        var well = true;
        for (var proxy : Proxy.values()) {
            var name = proxy.name().toLowerCase(Locale.ROOT);
            var program = proxy.installed();
            if (program == null) {
                System.out.printf("%-8s SKIPPED, it is not installed: %s%n", name, proxy.howToGet());
                continue;
            }
            var own = port + 10 + proxy.ordinal();
            // The second instance is another route to the first, so that it can be removed and restored at once.
            var second = new Forwarder(port + 2, List.of(port + 1));
            var server = proxy.server(program, configurations, home.folder(), own, port + 1, port + 2, SILENCE);
            try {
                server.start();
                server.endWithThisProgram("TERM");
                if (!Pause.until(Duration.ofSeconds(15), () -> Home.isHealthy(own))) {
                    throw new IOException(server + " does not start; see " + server.log());
                }
                for (var sse : List.of(true, false)) {
                    var format = sse ? "SSE" : "NDJSON";
                    System.out.printf("%-8s %-6s %s%n", name, format, stream(own, sse));
                }
                System.out.printf("%-8s %-6s %s%n", name, "limits", limits(own));
                if (proxy == Proxy.VARNISH) {
                    System.out.printf("%-8s %-6s %s%n", name, "kept", kept(own));
                }
                second.close();
                System.out.printf("%-8s %-6s %s%n", name, "pages", pages(own));
            } catch (IOException | UncheckedIOException | IllegalStateException e) {
                well = false;
                System.out.printf("%-8s WRONG: %s%n", name, e);
            } finally {
                second.close();
                server.end("TERM");
            }
        }
        return well;
    }

    private String stream(int proxy, boolean sse) throws IOException, InterruptedException {
        var delays = new ArrayList<Long>();
        String last;
        int heartbeats;
        try (var events = open(proxy, sse, "since=latest&announce=true", null)) {
            last = expect(events, "live").path("cursor").asString();
            // One at a time: the next event is published after the one before has arrived.
            for (var i = 0; i < PUBLISHED; i++) {
                var id = publish(proxy);
                var answered = System.nanoTime();
                var event = expect(events, id);
                delays.add((System.nanoTime() - answered) / 1_000_000);
                last = event.path("cursor").asString();
            }
            // A silence longer than the proxy allows, except for heartbeats.
            var before = events.heartbeats();
            var silence = Duration.ofSeconds(SILENCE * 2 + 2);
            var late = new AtomicReference<@Nullable String>();
            var publisher = Thread.ofVirtual().start(() -> {
                Pause.of(silence);
                try {
                    late.set(publish(proxy));
                } catch (IOException | IllegalStateException e) {
                    late.set(e.toString());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            var event = events.next();
            publisher.join();
            heartbeats = events.heartbeats() - before;
            if (event == null || !event.path("article").path("id").asString("").equals(late.get())) {
                throw new IllegalStateException(
                        "after a silence of " + silence.toSeconds() + " s, " + event + " instead of " + late.get());
            }
            last = event.path("cursor").asString();
        }
        var slowest = delays.stream().mapToLong(delay -> delay).max().orElse(0);
        if (slowest > MAX_DELAY.toMillis()) {
            throw new IllegalStateException("an event took " + slowest + " ms");
        }
        var missed = List.of(publish(proxy), publish(proxy), publish(proxy));
        try (var events = open(proxy, sse, "", last)) {
            for (var id : missed) {
                expect(events, id);
            }
        }
        return "events one by one, %s ms after their answer; %d heartbeats kept it open; resumed"
                .formatted(delays, heartbeats);
    }

    /** A client that claims to be many must count as the one address that the proxy sees. */
    private static String limits(int proxy) throws IOException {
        var streams = new ArrayList<BlockingStream>();
        try {
            for (var i = 0; i <= STREAMS_PER_ADDRESS; i++) {
                var claimed = "192.0.2." + (i + 1);
                streams.add(new BlockingStream(
                        proxy,
                        "/api/v1/articles",
                        Map.of(
                                "Accept",
                                "application/x-ndjson",
                                "X-Forwarded-For",
                                claimed,
                                "Forwarded",
                                "for=" + claimed),
                        MAX_DELAY));
            }
            if (streams.getLast().status() == 200) {
                throw new IllegalStateException(
                        "a client that claimed several addresses got more streams than one address may have");
            }
            return "claimed addresses are ignored";
        } finally {
            for (var stream : streams) {
                stream.close();
            }
        }
    }

    /** Varnish caches pages, and the follower of the surrogate keys purges exactly those that an event concerns. */
    private String kept(int varnish) throws IOException, InterruptedException {
        var purging = new ProcessBuilder(
                        configurations.resolve("varnish-purge").toString(),
                        "http://localhost:" + (port + 1),
                        "http://localhost:" + varnish)
                .redirectErrorStream(true)
                .redirectOutput(home.folder().resolve("varnish-purge.log").toFile())
                .start();
        try {
            var all = "/api/v1/articles?limit=1";
            var other = "/api/v1/articles?tag=another";
            if (!Pause.until(Duration.ofSeconds(10), () -> isKept(varnish, all) && isKept(varnish, other))) {
                throw new IllegalStateException("Varnish caches no pages");
            }
            var id = publish(varnish);
            if (!Pause.until(MAX_DELAY, () -> get(varnish, all).body().contains(id))) {
                throw new IllegalStateException("Varnish serves a page that an event has made outdated");
            }
            if (!isKept(varnish, other)) {
                throw new IllegalStateException("an event of one feed purged the page of another");
            }
            return "cached pages are purged exactly by the events that concern them";
        } finally {
            purging.descendants().forEach(ProcessHandle::destroy);
            purging.destroy();
        }
    }

    /** Returns whether Varnish answered from its cache: it then names two transactions, this one and the cached one. */
    private static boolean isKept(int varnish, String path) {
        return get(varnish, path).headers().firstValue("X-Varnish").orElse("").contains(" ");
    }

    private static HttpResponse<String> get(int port, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(MAX_DELAY)
                .build();
        try {
            return Home.HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The proxy must detect on its own that an instance is gone, without an effect on readers. */
    private static String pages(int proxy) throws IOException {
        for (var i = 0; i < PAGES; i++) {
            try (var page = new BlockingStream(
                    proxy,
                    "/api/v1/articles?limit=1",
                    Map.of("Accept", "application/json", "Connection", "close"),
                    MAX_DELAY)) {
                if (page.status() != 200) {
                    throw new IllegalStateException("with one instance gone, page " + i + " was " + page.status());
                }
            }
        }
        return PAGES + " of " + PAGES + " with one instance gone";
    }

    private static Events open(int proxy, boolean sse, String query, @Nullable String last) throws IOException {
        var events = new Events(proxy, sse, query, last, Duration.ofSeconds(SILENCE));
        if (events.status() != 200) {
            events.close();
            throw new IllegalStateException("a stream was refused with " + events.status());
        }
        return events;
    }

    /** Reads the next event, which must have this type or this article. */
    private static JsonNode expect(Events events, String typeOrArticle) throws IOException {
        var event = events.next();
        if (event == null
                || !(event.path("type").asString("").equals(typeOrArticle)
                        || event.path("article").path("id").asString("").equals(typeOrArticle))) {
            throw new IllegalStateException(event + " instead of " + typeOrArticle);
        }
        return event;
    }

    private String publish(int proxy) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + proxy + "/api/v1/articles"))
                .timeout(MAX_DELAY)
                .header("Authorization", "Bearer " + home.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("""
                        {"title": "Through a proxy", "body": "Quick.", "status": "published"}"""))
                .build();
        var answer = Home.HTTP.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("a publish got " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body()).path("id").asString();
    }
}
