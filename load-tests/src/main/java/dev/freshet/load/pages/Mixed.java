package dev.freshet.load.pages;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.Meter;
import dev.freshet.load.Options;
import dev.freshet.load.Results;
import dev.freshet.load.streams.Freshet;
import dev.freshet.load.streams.Publishers;
import dev.freshet.load.streams.Subscribers;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures the effect of a changing feed on readers of other feeds: nine page reads for each delivery of a stream. Most
 * reads ask for the first pages of tags that do not change, a tenth for the first page of all articles, which does.
 * Articles are published through another instance, once a second; and again without streams, since deliveries take time
 * too.
 */
final class Mixed {

    static final String QUIET = "without publisher";

    private static final String SCENARIO = "mixed";
    private static final String TOPIC = "mixed";
    private static final int READS_PER_DELIVERY = 9;
    static final double SHARE_OF_FIRST_PAGES = 0.1;
    private static final double WARM_UP_RATE = 500;
    private static final int TAGS = 20;
    private static final Load.Expected PAGE = new Load.Expected(200, 500, Long.MAX_VALUE);

    private final FreshetServers servers;
    private final Peer freshet;
    private final Options options;
    private final Results results;
    private final Duration time;

    Mixed(FreshetServers servers, Peer freshet, Options options, Results results) {
        this.servers = servers;
        this.freshet = freshet;
        this.options = options;
        this.results = results;
        this.time = Duration.ofSeconds(options.number("seconds"));
    }

    void warmUp(Duration during) throws IOException, InterruptedException, ExecutionException {
        var half = during.dividedBy(2);
        try (var load = load(freshet, options, others())) {
            load.saturate(half);
        }
        read(WARM_UP_RATE, half, true, true);
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        var rate = rate();
        results.setting("mixed", "%,.0f page reads a second".formatted(rate));
        for (var round = 0; round < options.number("rounds"); round++) {
            results.add(SCENARIO, QUIET, read(rate, time, false, true));
            results.add(SCENARIO, "publisher, no streams", read(rate, time, true, false));
            results.add(SCENARIO, "publisher and streams", read(rate, time, true, true));
        }
    }

    /** Returns half the maximum rate, measured again because there are more feeds than elsewhere. */
    private double rate() throws InterruptedException {
        var given = Double.parseDouble(options.text("rate"));
        if (given > 0) {
            return given;
        }
        try (var load = load(freshet, options, others())) {
            return load.saturate(time).answers() / (double) time.toSeconds() / 2;
        }
    }

    private Map<String, Double> read(double rate, Duration during, boolean publishing, boolean streaming)
            throws IOException, InterruptedException, ExecutionException {
        var streams = new Freshet(freshet.name(), servers, true);
        var count = streaming ? Math.max(1, (int) (rate / READS_PER_DELIVERY)) : 0;
        freshet.collectGarbage();
        try (var subscribers = new Subscribers(false);
                var publishers = new Publishers(streams, 1, number -> TOPIC);
                var others = load(freshet, options, others());
                var first = load(freshet, options, Requests.same(Requests.PATH, Requests.COMPRESSED));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            subscribers.open(freshet.address(), count, number -> streams.path(TOPIC), false);
            var meter = new Meter(freshet.processes(), servers.others());
            var published = threads.submit(() -> {
                if (publishing) {
                    publishers.atRate(during, 1);
                }
                return publishers.sent();
            });
            var firstRead = threads.submit(() -> first.atRate(during, rate * SHARE_OF_FIRST_PAGES));
            var othersRead = others.atRate(during, rate * (1 - SHARE_OF_FIRST_PAGES));
            var deliveries = published.get() * count;
            Subscribers.await(
                    () -> subscribers.total() >= deliveries, Duration.ofSeconds(30), deliveries + " deliveries");
            var used = meter.stop();
            var figures = new LinkedHashMap<>(used.figures(
                    othersRead.answers() + firstRead.get().answers() + deliveries,
                    "read or delivery",
                    "reads and deliveries"));
            ComparePages.percentiles("other feeds, ", othersRead.latency(), figures);
            ComparePages.percentiles("first page of all, ", firstRead.get().latency(), figures);
            var received = subscribers.take();
            figures.put("deliveries", (double) received.events());
            figures.put("out of order, twice or missing", (double) received.faults());
            figures.put("streams lost", (double) subscribers.lost());
            return figures;
        }
    }

    /** Returns readers of first pages of this data set. */
    static Load load(Peer freshet, Options options, Supplier<ByteBuf> requests) {
        return new Load(freshet.address(), options.number("connections"), requests, PAGE);
    }

    /** Returns requests for the first pages of tags, in turn. */
    static Supplier<ByteBuf> others() {
        List<String> paths = IntStream.rangeClosed(1, TAGS)
                .mapToObj(tag -> Requests.PATH + "?tag=tag" + tag)
                .toList();
        return Requests.inTurn(paths, Requests.COMPRESSED);
    }
}
