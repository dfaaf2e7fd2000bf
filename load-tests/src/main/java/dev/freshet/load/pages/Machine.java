package dev.freshet.load.pages;

import dev.freshet.load.Options;
import dev.freshet.load.Usage;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how much slower this machine is than that of the budgets, by the processor time that a bare handler of Reactor
 * Netty takes for a page, while this program keeps its core busy from the other core.
 *
 * <p>Freshet slows down more than the bare handler, since a page that is not cached needs PostgreSQL. On a machine on which the
 * handler takes 1.9 times as long, the knee of {@code Stepping} is 2.7 times lower. So the slowness is the ratio to the power
 * of 1.5.
 */
final class Machine {

    /** The processor time on the machine of the budgets, from the published table of cached pages. */
    private static final double MICROS_OF_THE_BUDGETS = 9.9;

    private static final double POWER = 1.5;

    private static final int PAGE_BYTES = 4000;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration ROUND = Duration.ofSeconds(1);
    // A shared machine changes from second to second.
    private static final int ROUNDS = 20;

    private Machine() {}

    public static void main(String... args) throws Exception {
        var options = new Options("Measures how much slower this machine is than that of the budgets.")
                .with("port", 22010, "the port of the bare handler")
                .with("folder", "load-tests/target/machine", "folder of its files and of the result, named slowness")
                .read(args);
        var folder = Files.createDirectories(options.path("folder"));
        var page = folder.resolve("page.json");
        new RecordedResponse(
                        200,
                        Map.of(
                                HttpHeaderNames.CONTENT_TYPE.toString(), List.of("application/json"),
                                HttpHeaderNames.ETAG.toString(), List.of("\"page\"")),
                        new byte[PAGE_BYTES])
                .write(page);
        var port = options.number("port");
        var process = new PeerProcess(
                new Peer("netty", "", port, () -> 0),
                BareNetty.class,
                Map.of(),
                List.of(Integer.toString(port), page.toString(), page.toString()),
                folder);
        process.start();
        try {
            var micros = micros(process);
            var slowness = Math.max(1, Math.pow(micros / MICROS_OF_THE_BUDGETS, POWER));
            System.out.printf(
                    Locale.ROOT,
                    "A page takes a bare handler %.1f µs of processor time here, and %.1f µs on the machine of the"
                            + " budgets: slowness %.2f%n",
                    micros,
                    MICROS_OF_THE_BUDGETS,
                    slowness);
            Files.writeString(folder.resolve("slowness"), String.format(Locale.ROOT, "%.2f", slowness));
        } finally {
            process.stop();
        }
    }

    /** Returns the median of some rounds. */
    private static double micros(PeerProcess process) throws Exception {
        var peer = process.peer();
        try (var load = new Load(
                peer.address(),
                64,
                Requests.same(Requests.PATH, Requests.COMPRESSED),
                new Load.Expected(200, PAGE_BYTES, PAGE_BYTES))) {
            load.saturate(WARM_UP);
            process.settle();
            load.saturate(ROUND);
            var rounds = new double[ROUNDS];
            for (var round = 0; round < ROUNDS; round++) {
                var before = Usage.cpuSeconds(peer.processes());
                var count = load.saturate(ROUND).answers();
                rounds[round] = 1e6 * (Usage.cpuSeconds(peer.processes()) - before) / count;
            }
            Arrays.sort(rounds);
            return rounds[ROUNDS / 2];
        }
    }
}
