package dev.freshet.platform.http;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Fails a request whose body arrives too slowly. Bodies must keep a minimum average rate after a grace period. An import
 * may last for any time, since a publisher may send articles as they are written, but its pauses are limited. Only time
 * in which the server waits for the client counts.
 *
 * <p>The timer belongs to the event loop of the request. Timers of Reactor's parallel scheduler share a lock, on which an
 * event loop parks when it cancels a periodic one.
 */
final class RequestBodyTimeout implements HttpHandlerDecoratorFactory {

    private static final Set<HttpMethod> METHODS_WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Requests whose bodies may be large, slow and compressed. */
    static final PathPattern IMPORTS = PathPatternParser.defaultInstance.parse("/api/v1/imports");

    private static final int CHECKS_PER_LIMIT = 4;

    private final Duration gracePeriod;
    private final long minBytesPerSecond;
    private final Duration maxImportPause;

    RequestBodyTimeout(Duration gracePeriod, long minBytesPerSecond, Duration maxImportPause) {
        this.gracePeriod = gracePeriod;
        this.minBytesPerSecond = minBytesPerSecond;
        this.maxImportPause = maxImportPause;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> handler.handle(
                METHODS_WITHOUT_BODY.contains(request.getMethod()) ? request : new TimedRequest(request), response);
    }

    private final class TimedRequest extends ServerHttpRequestDecorator {

        TimedRequest(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            var eventLoop = eventLoop(getDelegate());
            return IMPORTS.matches(getPath().pathWithinApplication())
                    ? limitPauses(super.getBody(), eventLoop)
                    : limitRate(super.getBody(), eventLoop);
        }
    }

    private static EventExecutor eventLoop(ServerHttpRequest request) {
        var eventLoop = new AtomicReference<EventExecutor>();
        ServerHttpRequestDecorator.<HttpServerRequest>getNativeRequest(request)
                .withConnection(
                        connection -> eventLoop.setPlain(connection.channel().eventLoop()));
        return eventLoop.getPlain();
    }

    /** Fails a body that is slower on average than the minimum rate, after the grace period. */
    Flux<DataBuffer> limitRate(Flux<DataBuffer> body, EventExecutor eventLoop) {
        return timed(
                body,
                eventLoop,
                gracePeriod,
                time -> time.totalWait().compareTo(gracePeriod.plusSeconds(time.receivedBytes() / minBytesPerSecond))
                        > 0,
                "The request body took more than " + gracePeriod.toSeconds() + " s at less than " + minBytesPerSecond
                        + " bytes per second. Send it faster.");
    }

    /** Fails a body that pauses for longer than an import may. */
    Flux<DataBuffer> limitPauses(Flux<DataBuffer> body, EventExecutor eventLoop) {
        return timed(
                body,
                eventLoop,
                maxImportPause,
                time -> time.currentWait().compareTo(maxImportPause) > 0,
                "The import sent no data for more than " + maxImportPause.toSeconds()
                        + " s. Send a line break now and then while no article is ready.");
    }

    private static Flux<DataBuffer> timed(
            Flux<DataBuffer> body,
            EventExecutor eventLoop,
            Duration limit,
            Predicate<BodyReadTime> isTooSlow,
            String detail) {
        return Flux.defer(() -> {
            var time = new BodyReadTime(eventLoop);
            var tooSlow = Mono.<Void>create(sink -> {
                var period = limit.toNanos() / CHECKS_PER_LIMIT;
                var timer = eventLoop.scheduleAtFixedRate(
                        () -> {
                            if (isTooSlow.test(time)) {
                                sink.error(tooSlow(detail));
                            }
                        },
                        period,
                        period,
                        TimeUnit.NANOSECONDS);
                sink.onDispose(() -> timer.cancel(false));
            });
            return body.doOnRequest(buffers -> on(eventLoop, () -> time.onRequest(buffers)))
                    .doOnNext(buffer -> {
                        var size = buffer.readableByteCount();
                        on(eventLoop, () -> time.onReceive(size));
                    })
                    .takeUntilOther(tooSlow);
        });
    }

    /** Runs a task on the event loop, in the order of calls. Netty queues tasks of other threads without a lock. */
    private static void on(EventExecutor eventLoop, Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    /** Closes the connection too: the rest of the body would precede any further request. */
    private static ProblemException tooSlow(String detail) {
        var problem = Problem.TOO_SLOW.because(detail);
        problem.getHeaders().set(HttpHeaders.CONNECTION, "close");
        return problem;
    }
}
