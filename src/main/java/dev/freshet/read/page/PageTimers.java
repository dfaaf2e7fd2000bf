package dev.freshet.read.page;

import dev.freshet.platform.http.Representation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatus.Series;
import reactor.netty.http.server.HttpServerResponse;

/** The metric {@code http.server.requests} for the fast path, with the tags that Spring Boot sets on the slow path. */
final class PageTimers {

    private static final String NO_EXCEPTION = "none";

    private final MeterRegistry meters;
    private final Map<Representation, Map<Integer, Timer>> usual = new EnumMap<>(Representation.class);

    PageTimers(MeterRegistry meters) {
        this.meters = meters;
        for (var representation : Representation.values()) {
            usual.put(
                    representation,
                    Map.of(
                            200, timer(representation, 200, NO_EXCEPTION),
                            304, timer(representation, 304, NO_EXCEPTION)));
        }
    }

    void record(long startNanos, Representation representation, PageResponse answer) {
        var timer = usual.getOrDefault(representation, Map.of()).get(answer.status());
        record(startNanos, timer == null ? timer(representation, answer.status(), NO_EXCEPTION) : timer);
    }

    void record(long startNanos, Representation representation, HttpServerResponse response, Throwable failure) {
        record(
                startNanos,
                timer(
                        representation,
                        response.status().code(),
                        failure.getClass().getSimpleName()));
    }

    private static void record(long startNanos, Timer timer) {
        timer.record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    private Timer timer(Representation representation, int status, String exception) {
        return Timer.builder("http.server.requests")
                .tag("error", exception)
                .tag("exception", exception)
                .tag("method", "GET")
                .tag("outcome", outcome(status))
                .tag("status", Integer.toString(status))
                .tag("uri", representation == Representation.HTML ? "/" : PageQuery.PATH)
                .register(meters);
    }

    private static String outcome(int status) {
        var series = HttpStatus.Series.resolve(status);
        return series == Series.SUCCESSFUL ? "SUCCESS" : series == null ? "UNKNOWN" : series.name();
    }
}
