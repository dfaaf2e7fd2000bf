package dev.freshet.load.pages;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.Meter;
import dev.freshet.load.Options;
import dev.freshet.load.Results;
import dev.freshet.load.guard.DataSet;
import dev.freshet.load.streams.Freshet;
import dev.freshet.load.streams.Publishers;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Measures the effect of imports on readers of the same instance. One import follows another, as fast as the instance
 * accepts them, while pages are read at a fixed rate: most of them first pages of tags that do not change, a tenth the
 * first page of all articles, which does.
 */
final class Imports {

    static final String QUIET = "without import";

    private static final String SCENARIO = "import";
    private static final double RATE = 1000;
    private static final List<Integer> BODIES = List.of(150, 600, 10_000);
    private static final int WARM_UP_BODY = 600;
    // So that one import takes about a second.
    private static final int CHARACTERS_PER_IMPORT = 300_000;
    private static final int NONE = 0;

    private final DataSet texts = new DataSet();
    private final FreshetServers servers;
    private final Peer freshet;
    private final Options options;
    private final Results results;
    private final double rate;

    Imports(FreshetServers servers, Peer freshet, Options options, Results results) {
        this.servers = servers;
        this.freshet = freshet;
        this.options = options;
        this.results = results;
        var given = Double.parseDouble(options.text("rate"));
        this.rate = given > 0 ? given : RATE;
    }

    void warmUp(Duration during) throws IOException, InterruptedException, ExecutionException {
        read(during, WARM_UP_BODY);
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        results.setting(SCENARIO, "%,.0f page reads a second".formatted(rate));
        var time = Duration.ofSeconds(options.number("seconds"));
        for (var round = 0; round < options.number("rounds"); round++) {
            results.add(SCENARIO, QUIET, read(time, NONE));
            for (var characters : BODIES) {
                results.add(SCENARIO, "%,d characters".formatted(characters), read(time, characters));
            }
        }
    }

    /** @param characters of each imported article; {@link #NONE} for no import */
    private Map<String, Double> read(Duration during, int characters)
            throws IOException, InterruptedException, ExecutionException {
        var writing = new Freshet(freshet.name(), servers, false, texts.body(characters, characters));
        freshet.collectGarbage();
        try (var publishers = new Publishers(writing, 1, number -> "imported");
                var others = Mixed.load(freshet, options, Mixed.others());
                var first = Mixed.load(freshet, options, Requests.same(Requests.PATH, Requests.COMPRESSED));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var meter = new Meter(freshet.processes(), servers.others());
            var importing = threads.submit(() -> {
                var begin = System.nanoTime();
                while (characters != NONE && System.nanoTime() - begin < during.toNanos()) {
                    publishers.burst(CHARACTERS_PER_IMPORT / characters);
                }
                return publishers.sent() * 1e9 / (System.nanoTime() - begin);
            });
            var firstRead = threads.submit(() -> first.atRate(during, rate * Mixed.SHARE_OF_FIRST_PAGES));
            var othersRead = others.atRate(during, rate * (1 - Mixed.SHARE_OF_FIRST_PAGES));
            var figures = new LinkedHashMap<>(
                    meter.stop().figures(othersRead.answers() + firstRead.get().answers(), "read", "reads"));
            figures.put("articles/s, imported", importing.get());
            ComparePages.percentiles("other feeds, ", othersRead.latency(), figures);
            ComparePages.percentiles("first page of all, ", firstRead.get().latency(), figures);
            return figures;
        }
    }
}
