package dev.freshet.stream;

import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedSettings;
import dev.freshet.limit.EdgeRules;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.DeclaredParameters;
import dev.freshet.platform.http.QueryParameters;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.RequestTimers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The fast path for public streams: opens them before the filters and the dispatcher, which take several times as long.
 * After an outage, all clients open their streams at once, and delay the events of those that are open. Responses and
 * metrics equal those of the slow path. All other requests take the slow path: with a credential, another method, a rule
 * of the filter chain alone, or an error.
 */
@Order(PublicStreamRoute.BEFORE_PAGES)
final class PublicStreamRoute implements NettyRouteProvider {

    static final int BEFORE_PAGES = -1;

    private static final String PREFIX = Representation.FEED_PATH + "?";
    private static final List<CharSequence> OF_THE_FILTER_CHAIN =
            List.of(HttpHeaderNames.COOKIE, HttpHeaderNames.CONTENT_ENCODING, HttpHeaderNames.UPGRADE);

    private final FeedStreams streams;
    private final DeclaredParameters declared;
    private final FeedSettings settings;
    private final EdgeRules rules;
    private final RequestTimers timers;
    private final Clock clock;

    /** @param declared the parameters of a feed */
    PublicStreamRoute(
            FeedStreams streams,
            DeclaredParameters declared,
            FeedSettings settings,
            EdgeRules rules,
            RequestTimers timers,
            Clock clock) {
        this.streams = streams;
        this.declared = declared;
        this.settings = settings;
        this.rules = rules;
        this.timers = timers;
        this.clock = clock;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(request -> parse(request) != null, this::handle);
    }

    /** Returns the requested stream; null if the request has to take the slow path. */
    @Nullable
    StreamOrder parse(HttpServerRequest request) {
        var uri = request.uri();
        var headers = request.requestHeaders();
        if (!HttpMethod.GET.equals(request.method())
                || !(uri.equals(Representation.FEED_PATH) || uri.startsWith(PREFIX))
                || !mayBeStream(uri, headers)
                || OF_THE_FILTER_CHAIN.stream().anyMatch(headers::contains)
                || rules.requireFilterChain(headers)) {
            return null;
        }
        try {
            var query = QueryParameters.parse(uri.startsWith(PREFIX) ? uri.substring(PREFIX.length()) : null);
            declared.check(query);
            var parameters = FeedParameters.of(
                    query, new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(headers)));
            var representation = parameters.representation();
            return !representation.isStream() || parameters.isFollowing() || query.containsKey("ticket")
                    ? null
                    : StreamOrder.of(
                            parameters.feed(settings),
                            representation,
                            parameters,
                            headers.get("Last-Event-ID"),
                            clock.instant());
        } catch (RuntimeException e) {
            // The slow path reports the error.
            return null;
        }
    }

    /** Spares most requests for pages the parsing of their parameters. */
    private static boolean mayBeStream(String uri, HttpHeaders headers) {
        var accept = headers.get(HttpHeaderNames.ACCEPT, "");
        return accept.contains("event-stream")
                || accept.contains("ndjson")
                || accept.contains("jsonl")
                || uri.contains("format");
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        var startNanos = System.nanoTime();
        var order = parse(request);
        if (order == null) {
            throw new IllegalStateException("Not a request for a public stream");
        }
        var failed = new AtomicReference<@Nullable Throwable>();
        return new ReactorHttpHandlerAdapter((springRequest, springResponse) -> {
                    var address = ClientAddress.of(request.remoteAddress());
                    return rules.countStream(
                                    request,
                                    order.format().isSse(),
                                    springResponse,
                                    Mono.defer(() -> streams.open(address, order, springResponse)))
                            .onErrorResume(failure -> {
                                failed.set(failure);
                                return rules.fail(failure, springRequest, springResponse);
                            });
                })
                .apply(request, response)
                .doOnSuccess(done -> timers.record(
                        startNanos, Representation.FEED_PATH, response.status().code(), failed.get()));
    }
}
