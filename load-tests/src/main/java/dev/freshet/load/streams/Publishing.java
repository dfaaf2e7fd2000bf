package dev.freshet.load.streams;

import dev.freshet.load.Meter;
import dev.freshet.load.Results;
import dev.freshet.load.guard.DataSet;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures publishing and importing without subscribers, beside the same statement in {@link PgBench}. */
final class Publishing {

    private static final int MAX_IMPORTED = 20_000;
    private static final int MAX_IMPORTED_CHARACTERS = 20_000_000;

    private final DataSet texts = new DataSet();
    private final Freshet peer;
    private final Optional<PgBench> pgbench;
    private final Results results;
    private final Duration time;

    /** @param time of each measurement */
    Publishing(Freshet peer, Optional<PgBench> pgbench, Results results, Duration time) {
        this.peer = peer;
        this.pgbench = pgbench;
        this.results = results;
        this.time = time;
    }

    /** Measures articles whose bodies have about a number of characters, with several numbers of publishers. */
    void measure(int characters, List<Integer> publishers) throws IOException, InterruptedException {
        var scenario = "publish with bodies of " + characters;
        var writing = peer.withBody(texts.body(characters, characters));
        if (pgbench.isPresent()) {
            pgbench.get().record(() -> publishOne(writing));
        }
        for (var count : publishers) {
            measure(scenario, writing, count);
        }
        try (var one = new Publishers(writing, 1, number -> "nobody")) {
            var meter = meter();
            var count = Math.min(MAX_IMPORTED, MAX_IMPORTED_CHARACTERS / characters);
            one.burst(count);
            results.add(
                    scenario,
                    peer.name(),
                    Map.of("articles/s, imported", count / meter.stop().seconds()));
        }
    }

    private void measure(String scenario, Freshet writing, int count) throws IOException, InterruptedException {
        var figure = "articles/s, publishers: " + count;
        if (pgbench.isPresent()) {
            results.add(scenario, "pgbench", Map.of(figure, pgbench.get().publish(count, time)));
        }
        try (var publishers = new Publishers(writing, count, number -> "nobody")) {
            var meter = meter();
            publishers.saturate(time, () -> false);
            var used = meter.stop();
            results.add(scenario, peer.name(), Map.of(figure, publishers.sent() / used.seconds()));
            results.add(
                    scenario,
                    peer.name(),
                    Map.of(
                            "server CPU µs/article, publishers: " + count,
                            used.serverSeconds() * 1e6 / publishers.sent()));
        }
    }

    private Meter meter() {
        return new Meter(peer.processes(), peer.others());
    }

    private static void publishOne(Freshet writing) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            http.send(writing.publish("nobody", Marker.of(0, 0, 0)), BodyHandlers.discarding());
        }
    }
}
