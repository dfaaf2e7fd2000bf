package dev.freshet.load.chaos;

import dev.freshet.load.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows a feed for good: comes back with its last cursor whenever its stream ends, for whatever reason. It begins with
 * the earliest event, or where a page was read.
 */
final class Reader {

    private static final JsonMapper JSON = new JsonMapper();
    // A few heartbeats.
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private final String name;
    private final int port;
    private final Feed feed;
    private final boolean sse;
    private final boolean earliest;
    private final Random random;
    private final List<Heard> heard = new ArrayList<>();
    private final Map<String, Integer> ends = new TreeMap<>();
    private final Thread thread;
    private @Nullable Position start;
    private @Nullable String cursor;
    private int streams;
    private volatile long reached;
    private volatile boolean stopped;
    private volatile @Nullable Events open;

    Reader(String name, int port, Feed feed, boolean sse, boolean earliest, long seed) {
        this.name = name;
        this.port = port;
        this.feed = feed;
        this.sse = sse;
        this.earliest = earliest;
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        while (!stopped) {
            try {
                if (cursor == null && !earliest) {
                    begin();
                }
                follow();
            } catch (IOException e) {
                ended("cut");
            } catch (RuntimeException e) {
                ended(e.toString());
            }
            Pause.upTo(Duration.ofMillis(300), random);
        }
    }

    /** Reads a page, whose cursor joins the stream. */
    private void begin() throws IOException {
        try (var page = new HttpStream(
                port,
                "/api/v1/articles?limit=1" + feed.query(),
                Map.of("Accept", "application/json", "Connection", "close"),
                SILENCE)) {
            var body = page.text();
            if (page.status() == 200) {
                var read = JSON.readTree(body).path("cursor").asString();
                start = Position.parse(read);
                reached = start.seq();
                cursor = read;
            } else {
                throw new IOException("no page: " + page.status());
            }
        }
    }

    private void follow() throws IOException {
        var query = (cursor == null ? "since=earliest" : "") + feed.query();
        try (var events = new Events(port, sse, query, cursor, SILENCE)) {
            open = events;
            if (events.status() != 200) {
                ended("refused with " + events.status());
                return;
            }
            streams++;
            for (var event = events.next(); event != null && !stopped; event = events.next()) {
                hear(event);
            }
            ended("ended");
        }
    }

    private void hear(JsonNode event) {
        var type = event.path("type").asString();
        if (type.equals("closing")) {
            ended("told: " + event.path("reason").asString());
            return;
        }
        var at = event.path("cursor").asString();
        var position = Position.parse(at);
        heard.add(
                type.equals("reset")
                        ? new Heard.Reset(position, event.path("reason").asString())
                        : new Heard.Change(
                                position, type, event.path("article").path("id").asString()));
        cursor = at;
        reached = position.seq();
    }

    private void ended(String how) {
        if (!stopped) {
            ends.merge(how, 1, Integer::sum);
        }
    }

    String name() {
        return name;
    }

    Feed feed() {
        return feed;
    }

    /** The last seq heard; from any thread. */
    long reached() {
        return reached;
    }

    /** Ends it, and gives what it heard. */
    Oracle.Account stop() throws InterruptedException, IOException {
        stopped = true;
        var last = open;
        if (last != null) {
            last.close();
        }
        thread.join();
        return new Oracle.Account(
                name, feed, start == null ? null : start.epoch(), start == null ? 0 : start.seq(), heard);
    }

    /** How often it opened a stream; once it was stopped. */
    int streams() {
        return streams;
    }

    /** How its streams ended, and how often; once it was stopped. */
    Map<String, Integer> ends() {
        return ends;
    }
}
