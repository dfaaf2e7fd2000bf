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
 * Follows a feed permanently: it reconnects with its last cursor whenever its stream ends. It begins with the earliest
 * event, or at the cursor of a page.
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
    private final List<Received> received = new ArrayList<>();
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

    /** Reads a page, whose cursor the stream accepts. */
    private void begin() throws IOException {
        try (var page = new BlockingStream(
                port,
                "/api/v1/articles?limit=1" + feed.query(),
                Map.of("Accept", "application/json", "Connection", "close"),
                SILENCE)) {
            var body = String.valueOf(page.next());
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
            ended("closing: " + event.path("reason").asString());
            return;
        }
        var at = event.path("cursor").asString();
        var position = Position.parse(at);
        received.add(
                type.equals("reset")
                        ? new Received.Reset(position, event.path("reason").asString())
                        : new Received.Change(
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

    /** Returns the last seq received. May be called by any thread. */
    long reached() {
        return reached;
    }

    /** Stops the reader and returns the notices that it received. */
    Oracle.Account stop() throws InterruptedException, IOException {
        stopped = true;
        var last = open;
        if (last != null) {
            last.close();
        }
        thread.join();
        return new Oracle.Account(
                name, feed, start == null ? null : start.epoch(), start == null ? 0 : start.seq(), received);
    }

    /** Returns the number of streams opened; only after the stop. */
    int streams() {
        return streams;
    }

    /** Returns the reasons for which streams ended, with their counts; only after the stop. */
    Map<String, Integer> ends() {
        return ends;
    }
}
