package dev.freshet.platform.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The metric {@code http.server.requests} for the fast paths, with the tags that Spring Boot sets on the slow path. */
@Component
public final class RequestTimers {

    private record Key(String uri, int status, String exception) {}

    private final MeterRegistry meters;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    RequestTimers(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Records a GET.
     *
     * @param startNanos the time of {@link System#nanoTime} at its start
     * @param uri the pattern of its path
     * @param failure null if there was none
     */
    public void record(long startNanos, String uri, int status, @Nullable Throwable failure) {
        var exception = failure == null ? "none" : failure.getClass().getSimpleName();
        timers.computeIfAbsent(new Key(uri, status, exception), this::timer)
                .record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    private Timer timer(Key key) {
        return Timer.builder("http.server.requests")
                .tag("error", key.exception)
                .tag("exception", key.exception)
                .tag("method", "GET")
                .tag("outcome", Outcome.forStatus(key.status).name())
                .tag("status", Integer.toString(key.status))
                .tag("uri", key.uri)
                .register(meters);
    }
}
