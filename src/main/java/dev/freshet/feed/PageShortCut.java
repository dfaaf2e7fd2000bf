package dev.freshet.feed;

import dev.freshet.problem.ProblemHandler;
import dev.freshet.security.SecurityHeaders;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
 * Answers requests for public pages before the filters and the dispatcher, which take several times as long as a page that
 * is at hand. What the client gets, and what the metrics say, is the same. All else takes the long way: requests that say
 * who asks, other methods, those whose address a filter has yet to correct, and what is wrong, which is told there.
 */
final class PageShortCut implements HttpHandlerDecoratorFactory {

    private static final String READER = "/";
    private static final List<String> FORWARDED =
            List.of("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Prefix");

    private final PageHandler pages;
    private final SecurityHeaders securityHeaders;
    private final DefaultHttpHeaders always = new DefaultHttpHeaders();
    private final DefaultHttpHeaders overTls = new DefaultHttpHeaders();
    private final ProblemHandler problems;
    private final boolean addressesAreCorrected;
    private final MeterRegistry meters;
    private final Map<Representation, Map<Integer, Timer>> timers = new EnumMap<>(Representation.class);

    /** @param addressesAreCorrected whether the filters believe what a proxy says of a request's address */
    PageShortCut(
            PageHandler pages,
            SecurityHeaders securityHeaders,
            ProblemHandler problems,
            boolean addressesAreCorrected,
            MeterRegistry meters) {
        this.pages = pages;
        this.securityHeaders = securityHeaders;
        securityHeaders.of(false).forEach(always::set);
        securityHeaders.of(true).forEach(overTls::set);
        this.problems = problems;
        this.addressesAreCorrected = addressesAreCorrected;
        this.meters = meters;
        for (var representation : Representation.values()) {
            timers.put(
                    representation,
                    Map.of(200, timer(representation, 200, "none"), 304, timer(representation, 304, "none")));
        }
    }

    /** The one that Spring Boot counts the same request in when it takes the long way. */
    private Timer timer(Representation representation, int status, String exception) {
        return Timer.builder("http.server.requests")
                .tag("error", exception)
                .tag("exception", exception)
                .tag("method", "GET")
                .tag("outcome", status == 200 ? "SUCCESS" : status == 304 ? "REDIRECTION" : "SERVER_ERROR")
                .tag("status", Integer.toString(status))
                .tag("uri", representation == Representation.HTML ? READER : PageQuery.PATH)
                .register(meters);
    }

    @Override
    public HttpHandler apply(HttpHandler longWay) {
        return (request, response) -> {
            var started = System.nanoTime();
            var representation = representation(request);
            var asked = representation == null ? null : asked(request, representation);
            return representation == null || asked == null
                    ? longWay.handle(request, response)
                    // Only where there is no answer is the failure told: not where one is being written already.
                    : asked.map(answer -> write(answer, request, response)
                                    .doOnSuccess(written ->
                                            timer(representation, answer).record(elapsed(started))))
                            .onErrorResume(failure -> Mono.just(fail(failure, request, response)
                                    .doOnSuccess(written -> timer(
                                                    representation,
                                                    status(response),
                                                    failure.getClass().getSimpleName())
                                            .record(elapsed(started)))))
                            .flatMap(written -> written);
        };
    }

    private Timer timer(Representation representation, PageAnswer answer) {
        var timer = timers.getOrDefault(representation, Map.of()).get(answer.status());
        return timer == null ? timer(representation, answer.status(), "none") : timer;
    }

    private static Duration elapsed(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    private static int status(ServerHttpResponse response) {
        var status = response.getStatusCode();
        return status == null ? 500 : status.value();
    }

    /** The form that is asked for; null where this is no request for a public page. */
    private @Nullable Representation representation(ServerHttpRequest request) {
        if (!HttpMethod.GET.equals(request.getMethod())
                || request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                || (addressesAreCorrected && isForwarded(request))) {
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
            return asked.isStream() ? null : asked;
        } catch (RuntimeException e) {
            // The long way tells the client.
            return null;
        }
    }

    private static boolean isForwarded(ServerHttpRequest request) {
        return FORWARDED.stream().anyMatch(request.getHeaders()::containsHeader);
    }

    private @Nullable Mono<PageAnswer> asked(ServerHttpRequest request, Representation representation) {
        try {
            return pages.answer(request, representation);
        } catch (RuntimeException e) {
            // As above.
            return null;
        }
    }

    private Mono<Void> fail(Throwable failure, ServerHttpRequest request, ServerHttpResponse response) {
        securityHeaders.of(SecurityHeaders.isOverTls(request)).forEach(response.getHeaders()::set);
        return problems.handle(request, response, failure);
    }

    private Mono<Void> write(PageAnswer answer, ServerHttpRequest request, ServerHttpResponse response) {
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        server.status(answer.status());
        // Added as a whole, which copies them as they are: each by itself would be looked at character by character.
        server.responseHeaders()
                .add(SecurityHeaders.isOverTls(request) ? overTls : always)
                .add(answer.headers());
        var body = answer.body();
        return body == null ? server.send() : server.sendObject(body).then();
    }
}
