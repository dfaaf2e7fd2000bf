package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.freshet.load.Home;
import dev.freshet.load.pages.PageKey;
import dev.freshet.load.reader.Pace;
import dev.freshet.load.reader.PageClient;
import dev.freshet.load.reader.PageListener;
import dev.freshet.load.reader.PageRequest;
import io.gatling.javaapi.core.PopulationBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Readers of pages: a few feeds and first pages are read most. A third are aggregators, which request only changes
 * since their last request. Some requests are for pages that are not cached, and for searches. Gatling schedules and
 * judges; a {@link PageClient} reads, since a virtual user per page would cost more than a page of the server.
 */
final class Reading implements PageListener {

    private static final int FEEDS = 1 + DataSet.TAGS;
    private static final int DEEP_FEEDS = 20;
    private static final int MAX_DEPTH = 10;
    private static final int MIN_LENGTH = 20;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(15);
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
    private static final Instant OLDEST = Instant.parse("2015-03-01T00:00:00Z");
    private static final Instant NEWEST = Instant.parse("2024-12-01T00:00:00Z");

    private static final String PAGE = "page";
    private static final String JSON = "application/json";
    private static final String API = "/api/v1/articles";

    /** The requests, each as often as it is listed here. */
    private static final List<Form> FORMS = List.of(
            new Form(API, "", JSON),
            new Form(API, "", JSON),
            new Form(API, "", JSON),
            new Form(API, "&fields=full", JSON),
            new Form(API, "&limit=100", JSON),
            new Form(API, "&fields=id,title,publishedAt", JSON),
            new Form("/", "", "text/html"),
            new Form(API, "", "application/atom+xml"),
            new Form(API, "", "application/rss+xml"),
            new Form(API, "", "application/feed+json"));

    private record Form(String path, String query, String type) {}

    private final Guarded simulation;
    private final PageClient client;
    private final List<Pace.Stretch> rates;
    private final int connections;
    private final double http2;
    private final double uncached;
    private final double searches;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Zipf feeds = new Zipf(FEEDS, 1.0);
    private final Zipf depths = new Zipf(MAX_DEPTH, 2.0);
    private final DataSet data = new DataSet();
    // By feed and form, the targets from the newest page on.
    private final Map<Integer, List<String>> deeper = new HashMap<>();
    // Cached pages only, by target and media type. Only the event loop uses it.
    private final Map<String, String> etags = new HashMap<>();
    private long over;

    /** @param rates the rates of pages over the time of the load */
    Reading(Guarded simulation, List<Pace.Stretch> rates) {
        this.simulation = simulation;
        this.rates = rates;
        var load = simulation.run.budget();
        this.connections = (int) load.load("connections", 200);
        this.http2 = load.load("http2", 0);
        this.uncached = load.load("uncached", 5);
        this.searches = load.load("searches", 2);
        this.client = new PageClient(simulation.run.servers(), this);
        for (var feed = 1; feed <= DEEP_FEEDS; feed++) {
            for (var form = 0; form < FORMS.size(); form++) {
                if (FORMS.get(form).type().equals(JSON)) {
                    deeper.put(feed * FORMS.size() + form, chain(target(feed, FORMS.get(form))));
                }
            }
        }
    }

    /** Follows the links to older pages, so that readers can request them without reading each body. */
    private List<String> chain(String first) {
        var targets = new ArrayList<>(List.of(first));
        try {
            while (targets.size() < MAX_DEPTH) {
                var address = simulation.run.address().resolve(targets.getLast());
                var body = Home.HTTP.send(
                        simulation.run.request(address).header("Accept", JSON).build(), BodyHandlers.ofString());
                var next = NEXT.matcher(body.body());
                if (!next.find()) {
                    break;
                }
                var link = URI.create(next.group(1));
                targets.add(link.getRawPath() + "?" + link.getRawQuery());
            }
        } catch (IOException e) {
            System.err.println("Older pages of " + first + " are not read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return targets;
    }

    /** The population that ends when each request has its response, or after a bounded time. */
    PopulationBuilder population() {
        return scenario("Readers of pages")
                .exec(session -> {
                    simulation.enter(session);
                    simulation.run.generator().watch(client.loop());
                    var second = (int) Math.round(connections * http2 / 100);
                    client.open(connections - second, second);
                    client.start(Pace.along(System.nanoTime(), rates), this::next);
                    return session;
                })
                .exec(exec(session -> session).asLongAs(session -> !isDone()).on(pause(POLL_INTERVAL)))
                .injectOpen(atOnceUsers(1));
    }

    /** Returns whether each request has its response, or the time to wait for them is over. */
    boolean isDone() {
        if (simulation.run.measured().isOver()) {
            over = over == 0 ? System.nanoTime() : over;
            return client.isComplete() || System.nanoTime() - over > TIMEOUT;
        }
        return false;
    }

    private PageRequest next() {
        var share = random.nextDouble(100);
        if (share < searches) {
            return new PageRequest("search", API + "?q=" + data.query(random), JSON, "");
        }
        if (share < searches + uncached) {
            var at = OLDEST.plusMillis(
                    random.nextLong(Duration.between(OLDEST, NEWEST).toMillis()));
            var key = PageKey.of(at, new UUID(random.nextLong(), random.nextLong()));
            return new PageRequest("uncached", API + "?before=" + key, JSON, "");
        }
        var feed = feeds.next(random);
        var number = random.nextInt(FORMS.size());
        var form = FORMS.get(number);
        var older = deeper.get(feed * FORMS.size() + number);
        var target = older == null ? target(feed, form) : older.get(Math.min(older.size(), depths.next(random)) - 1);
        var etag = random.nextInt(3) == 0 ? etags.getOrDefault(target + form.type(), "") : "";
        return new PageRequest(PAGE, target, form.type(), etag);
    }

    private static String target(int feed, Form form) {
        return form.path() + "?" + (feed == 1 ? "" : "tag=tag" + (feed - 1)) + form.query();
    }

    @Override
    public void answered(PageRequest request, boolean second, long due, int status, long length, String etag) {
        var ok = status == 200
                ? length >= MIN_LENGTH
                : status == 304 && !request.etag().isEmpty();
        record(request, second, due, ok);
        if (ok && !etag.isEmpty() && request.operation().equals(PAGE)) {
            etags.put(request.target() + request.accept(), etag);
        }
    }

    @Override
    public void failed(PageRequest request, boolean second, long due) {
        record(request, second, due, false);
    }

    private void record(PageRequest request, boolean second, long due, boolean ok) {
        var operation = second && request.operation().equals(PAGE) ? "http2" : request.operation();
        simulation.run.measured().record(operation, due, ok);
    }

    void finish() {
        client.giveUp();
        client.close();
    }
}
