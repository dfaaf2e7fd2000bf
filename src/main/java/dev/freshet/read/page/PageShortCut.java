package dev.freshet.read.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.limit.ReadLimit;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.ProblemHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Answers requests for public pages at the web server, before Spring's view of a request, the filters and the dispatcher,
 * which take several times as long as a page that is at hand. What the client gets, and what the metrics say, is the same.
 * All else takes the long way: requests that say who asks, other methods, those whose address a filter has yet to
 * correct, and what is wrong, which is told there.
 */
final class PageShortCut implements NettyRouteProvider {

    private static final String READER = "/";
    private static final List<String> FORWARDED =
            List.of("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Prefix");
    private static final int KNOWN_TARGETS = 10_000;
    private static final int LONGEST_TARGET = 300;

    /** What tells one request for a page from another, its conditions aside, where its links need no address. */
    private record Target(String uri, List<String> accept) {

        boolean isShort() {
            return uri.length() + accept.stream().mapToInt(String::length).sum() <= LONGEST_TARGET;
        }
    }

    private final PageHandler pages;
    private final ReadLimit reads;
    private final SecurityHeaders securityHeaders;
    private final DefaultHttpHeaders always = new DefaultHttpHeaders();
    private final DefaultHttpHeaders overTls = new DefaultHttpHeaders();
    private final ProblemHandler problems;
    private final boolean addressesAreCorrected;
    private final boolean originsAreAllowed;
    private final MeterRegistry meters;
    private final Map<Representation, Map<Integer, Timer>> timers = new EnumMap<>(Representation.class);
    // Reading what is asked for takes longer than finding it. Most ask for the same.
    private final Cache<Target, Asked> known =
            Caffeine.newBuilder().maximumSize(KNOWN_TARGETS).build();

    /**
     * @param addressesAreCorrected whether the filters believe what a proxy says of a request's address
     * @param originsAreAllowed whether they tell pages of some other origins that they may read answers
     */
    PageShortCut(
            PageHandler pages,
            ReadLimit reads,
            SecurityHeaders securityHeaders,
            ProblemHandler problems,
            boolean addressesAreCorrected,
            boolean originsAreAllowed,
            MeterRegistry meters) {
        this.pages = pages;
        this.reads = reads;
        this.securityHeaders = securityHeaders;
        securityHeaders.of(false).forEach(always::set);
        securityHeaders.of(true).forEach(overTls::set);
        this.problems = problems;
        this.addressesAreCorrected = addressesAreCorrected;
        this.originsAreAllowed = originsAreAllowed;
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
                .tag(
                        "outcome",
                        status == 200
                                ? "SUCCESS"
                                : status == 304 ? "REDIRECTION" : status == 429 ? "CLIENT_ERROR" : "SERVER_ERROR")
                .tag("status", Integer.toString(status))
                .tag("uri", representation == Representation.HTML ? READER : PageQuery.PATH)
                .register(meters);
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(request -> asked(request) != null, this::handle);
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        var started = System.nanoTime();
        var asked = asked(request);
        if (asked == null) {
            throw new IllegalStateException("Not asked for a page");
        }
        var headers = headers(request);
        var representation = asked.query().representation();
        var refusal = reads.count(request, response);
        if (refusal != null) {
            return fail(refusal, request, response)
                    .doOnSuccess(written ->
                            timer(representation, 429, "ProblemException").record(elapsed(started)));
        }
        var ready = pages.ready(asked, headers);
        if (ready != null) {
            return write(ready, request, response)
                    .doOnSuccess(written -> timer(representation, ready).record(elapsed(started)));
        }
        return pages.find(asked, headers)
                .map(answer -> write(answer, request, response)
                        .doOnSuccess(written -> timer(representation, answer).record(elapsed(started))))
                // Only where there is no answer is the failure told: not where one is being written already.
                .onErrorResume(failure -> Mono.just(fail(failure, request, response)
                        .doOnSuccess(written -> timer(
                                        representation,
                                        response.status().code(),
                                        failure.getClass().getSimpleName())
                                .record(elapsed(started)))))
                .flatMap(written -> written);
    }

    private Timer timer(Representation representation, PageAnswer answer) {
        var timer = timers.getOrDefault(representation, Map.of()).get(answer.status());
        return timer == null ? timer(representation, answer.status(), "none") : timer;
    }

    private static Duration elapsed(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** The page that is asked for; null where this is no request for a public page. */
    private @Nullable Asked asked(HttpServerRequest request) {
        var headers = request.requestHeaders();
        if (!HttpMethod.GET.equals(request.method())
                || !isOfPages(request.uri())
                || headers.contains(HttpHeaders.AUTHORIZATION)
                || (originsAreAllowed && headers.contains(HttpHeaders.ORIGIN))
                || (addressesAreCorrected && FORWARDED.stream().anyMatch(headers::contains))) {
            return null;
        }
        var target = new Target(request.uri(), headers.getAll(HttpHeaders.ACCEPT));
        var asked = known.getIfPresent(target);
        if (asked == null) {
            asked = read(request);
            if (asked != null && !asked.query().representation().isSyndicated() && target.isShort()) {
                known.put(target, asked);
            }
        }
        return asked;
    }

    private static boolean isOfPages(String uri) {
        return uri.equals(READER) || uri.startsWith("/?") || isAt(PageQuery.PATH, uri);
    }

    private static boolean isAt(String path, String uri) {
        return uri.startsWith(path) && (uri.length() == path.length() || uri.charAt(path.length()) == '?');
    }

    private @Nullable Asked read(HttpServerRequest request) {
        try {
            var uri = new URI(request.uri());
            var asked = FeedRequest.of(parameters(uri.getRawQuery()), headers(request));
            var representation = READER.equals(uri.getRawPath()) ? Representation.HTML : asked.representation();
            return uri.getRawFragment() != null || representation.isStream() || asked.isFollowing()
                    ? null
                    : pages.asked(asked, asked.feed(), representation, () -> origin(request));
        } catch (URISyntaxException | RuntimeException e) {
            // The long way tells the client.
            return null;
        }
    }

    static MultiValueMap<String, String> parameters(@Nullable String query) {
        var parameters = new LinkedMultiValueMap<String, String>();
        if (query != null) {
            UriComponentsBuilder.newInstance()
                    .query(query)
                    .build()
                    .getQueryParams()
                    .forEach((name, values) -> values.forEach(value -> parameters.add(decode(name), decode(value))));
        }
        return parameters;
    }

    private static String decode(@Nullable String text) {
        return text == null ? "" : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static HttpHeaders headers(HttpServerRequest request) {
        return new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders()));
    }

    private static String origin(HttpServerRequest request) {
        var host = request.hostName();
        var port = request.hostPort();
        return request.scheme()
                + "://"
                + (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host)
                + (port == (isOverTls(request) ? 443 : 80) ? "" : ":" + port);
    }

    private static boolean isOverTls(HttpServerRequest request) {
        return "https".equals(request.scheme());
    }

    private Mono<Void> fail(Throwable failure, HttpServerRequest request, HttpServerResponse response) {
        return new ReactorHttpHandlerAdapter((spring, answer) -> {
                    securityHeaders.of(isOverTls(request)).forEach(answer.getHeaders()::set);
                    return problems.handle(spring, answer, failure);
                })
                .apply(request, response);
    }

    private Mono<Void> write(PageAnswer answer, HttpServerRequest request, HttpServerResponse response) {
        response.status(answer.status());
        // Added as a whole, which copies them as they are: each by itself would be looked at character by character.
        response.responseHeaders().add(isOverTls(request) ? overTls : always).add(answer.headers());
        var body = answer.body();
        return body == null ? response.send() : response.sendObject(body).then();
    }
}
