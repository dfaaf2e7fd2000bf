package dev.freshet.feed;

import dev.freshet.problem.ProblemException;
import dev.freshet.security.SecurityHeaders;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers requests for public pages that are at hand, before the filters and the dispatcher, which take several times as
 * long as the rest. What the client gets, and what the metrics say, is the same. All else takes the long way: requests
 * that say who asks, other methods, what is not at hand, and what is wrong.
 */
final class PageShortCut implements HttpHandlerDecoratorFactory {

    private static final String READER = "/";
    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto");

    private final PageHandler pages;
    private final SecurityHeaders securityHeaders;
    private final Map<Representation, Map<Integer, Timer>> timers = new EnumMap<>(Representation.class);

    PageShortCut(PageHandler pages, SecurityHeaders securityHeaders, MeterRegistry meters) {
        this.pages = pages;
        this.securityHeaders = securityHeaders;
        for (var representation : Representation.values()) {
            var path = representation == Representation.HTML ? READER : PageQuery.PATH;
            timers.put(representation, Map.of(200, timer(meters, path, 200), 304, timer(meters, path, 304)));
        }
    }

    /** The one that Spring Boot counts the same request in when it takes the long way. */
    private static Timer timer(MeterRegistry meters, String path, int status) {
        return Timer.builder("http.server.requests")
                .tag("error", "none")
                .tag("exception", "none")
                .tag("method", "GET")
                .tag("outcome", status == 200 ? "SUCCESS" : "REDIRECTION")
                .tag("status", Integer.toString(status))
                .tag("uri", path)
                .register(meters);
    }

    @Override
    public HttpHandler apply(HttpHandler longWay) {
        return (request, response) -> {
            var started = System.nanoTime();
            var representation = representation(request);
            var answer = representation == null ? null : answer(request, representation);
            if (representation == null || answer == null) {
                return longWay.handle(request, response);
            }
            return write(answer, request, response)
                    .doOnSuccess(written -> count(representation, answer, System.nanoTime() - started));
        };
    }

    private void count(Representation representation, PageAnswer answer, long nanos) {
        var timer = timers.getOrDefault(representation, Map.of()).get(answer.status());
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** The form that is asked for; null where this is no request for a public page. */
    private static @Nullable Representation representation(ServerHttpRequest request) {
        if (!HttpMethod.GET.equals(request.getMethod())
                || request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)) {
            return null;
        }
        var path = request.getURI().getRawPath();
        if (READER.equals(path)) {
            return Representation.HTML;
        }
        if (!PageQuery.PATH.equals(path)) {
            return null;
        }
        try {
            var asked = FeedRequest.of(request).representation();
            // Absolute links depend on what a proxy says of the address, which the filters look at.
            return asked.isStream() || (asked.isSyndicated() && isForwarded(request)) ? null : asked;
        } catch (ProblemException e) {
            // The long way tells the client.
            return null;
        }
    }

    private static boolean isForwarded(ServerHttpRequest request) {
        return FORWARDED.stream().anyMatch(request.getHeaders()::containsHeader);
    }

    private @Nullable PageAnswer answer(ServerHttpRequest request, Representation representation) {
        try {
            return pages.atOnce(request, representation);
        } catch (ProblemException e) {
            // As above.
            return null;
        }
    }

    private Mono<Void> write(PageAnswer answer, ServerHttpRequest request, ServerHttpResponse response) {
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        server.status(answer.status());
        securityHeaders.of(request).forEach(server::header);
        answer.headers().forEach(server::header);
        var body = answer.body();
        return body == null ? server.send() : server.sendObject(body).then();
    }
}
