package dev.freshet.load.chaos;

import dev.freshet.load.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Follows the feed of all articles. Records when its streams began and ended, and each event out of order. */
final class DrainReader {

    // More than two heartbeats.
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final int port;
    private final boolean sse;
    private final Random random;
    private final List<Long> opened = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private final Thread thread;
    private int attempts;
    private @Nullable String cursor;
    private volatile long reached = -1;
    private volatile boolean stopped;
    private volatile @Nullable Events open;

    DrainReader(int port, boolean sse, long seed) {
        this.port = port;
        this.sse = sse;
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
        while (!stopped) {
            attempts++;
            var wait = Duration.ofSeconds(1);
            try (var events =
                    new Events(port, sse, cursor == null ? "since=latest&announce=true" : "", cursor, SILENCE)) {
                open = events;
                if (events.status() == 200) {
                    opened.add(System.nanoTime());
                    follow(events);
                } else {
                    reasons.add("refused with " + events.status() + " " + events.header("content-type"));
                }
                wait = events.retry();
            } catch (IOException e) {
                end("cut: " + e.getMessage());
            }
            if (!stopped) {
                // A browser waits for the time of the retry field; other clients reconnect at a pace of their own.
                if (sse) {
                    Pause.of(wait);
                } else {
                    Pause.upTo(wait, random);
                }
            }
        }
    }

    private void follow(Events events) throws IOException {
        var reason = "ended";
        for (var event = events.next(); event != null; event = events.next()) {
            var type = event.path("type").asString();
            if (type.equals("closing")) {
                reason = event.path("reason").asString();
                continue;
            }
            var at = event.path("cursor").asString();
            var seq = Position.parse(at).seq();
            if (type.equals("reset") || (!type.equals("live") && seq != reached + 1)) {
                differences.add("got " + type + " " + at + " after " + reached);
            }
            cursor = at;
            reached = seq;
        }
        end(reason);
    }

    private void end(String reason) {
        if (!stopped) {
            ends.add(System.nanoTime());
            reasons.add(reason);
        }
    }

    /** Returns whether the first stream has begun. May be called by any thread, as may {@link #reached}. */
    boolean isLive() {
        return reached >= 0;
    }

    long reached() {
        return reached;
    }

    /** Stops the reader; its results may be read afterwards. */
    void stop() throws IOException, InterruptedException {
        stopped = true;
        var last = open;
        if (last != null) {
            last.close();
        }
        thread.interrupt();
        thread.join();
    }

    /** Returns the number of attempts to open a stream. */
    int attempts() {
        return attempts;
    }

    List<Long> opened() {
        return opened;
    }

    List<Long> ends() {
        return ends;
    }

    List<String> reasons() {
        return reasons;
    }

    List<String> differences() {
        return differences;
    }
}
