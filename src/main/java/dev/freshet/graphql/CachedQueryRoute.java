package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.limit.EdgeRules;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The fast path for cached queries. It responds at the web server, before the filters and the parser of documents, which
 * take several times as long. It knows only requests that the slow path has answered. All others take the slow path, and
 * those with a credential.
 */
final class CachedQueryRoute implements NettyRouteProvider {

    private static final String PREFIX = "/graphql?";
    private static final AttributeKey<@Nullable Answer> PREPARED =
            AttributeKey.valueOf(CachedQueryRoute.class, "prepared");

    /** A request apart from its conditions: everything that its document, its variables and its media type follow from. */
    private record Target(String uri, List<String> accept) {

        static Target of(HttpServerRequest request) {
            return new Target(request.uri(), request.requestHeaders().getAll("Accept"));
        }

        int size() {
            return 200 + uri.length() + accept.stream().mapToInt(String::length).sum();
        }
    }

    private record Answer(ResponseCache.Entry entry, HttpHeaders headers, HttpHeaders unchanged) {

        static Answer of(ResponseCache.Entry entry, ResponseType type) {
            var unchanged = new DefaultHttpHeaders();
            Responses.publicHeaders(entry).forEach(unchanged::set);
            var headers = new DefaultHttpHeaders()
                    .add(unchanged)
                    .set("Content-Type", type.contentType())
                    .set("Content-Length", entry.body().length);
            return new Answer(entry, headers, unchanged);
        }
    }

    private final ResponseCache responses;
    private final EdgeRules rules;
    private final Map<Integer, Timer> timers;
    private final Cache<Target, Answer> answers;

    /** @param maxBytes memory of requests; their responses are those of the cache */
    CachedQueryRoute(ResponseCache responses, long maxBytes, EdgeRules rules, MeterRegistry meters) {
        this.responses = responses;
        this.rules = rules;
        this.timers = Map.of(200, timer(HttpStatus.OK, meters), 304, timer(HttpStatus.NOT_MODIFIED, meters));
        this.answers = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .<Target, Answer>weigher((target, answer) ->
                        target.size() + 1000 + answer.entry().body().length)
                .build();
    }

    /** With the tags that Spring Boot sets on the slow path. */
    private static Timer timer(HttpStatus status, MeterRegistry meters) {
        return Timer.builder("http.server.requests")
                .tag("error", "none")
                .tag("exception", "none")
                .tag("method", "GET")
                .tag("outcome", status == HttpStatus.OK ? "SUCCESS" : "REDIRECTION")
                .tag("status", Integer.toString(status.value()))
                .tag("uri", "/graphql")
                .register(meters);
    }

    /** Answers further requests like this one with a response, as long as it is valid. */
    void add(ServerRequest request, ResponseType type, ResponseCache.Entry entry) {
        HttpServerRequest server =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        if (type != ResponseType.SSE && server.uri().startsWith(PREFIX)) {
            answers.put(Target.of(server), Answer.of(entry, type));
        }
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(this::prepare, this::handle);
    }

    /** Finds the response, and keeps it for the handler, since the cache may remove it meanwhile. */
    private boolean prepare(HttpServerRequest request) {
        var answer = find(request);
        if (answer != null) {
            request.withConnection(
                    connection -> connection.channel().attr(PREPARED).set(answer));
        }
        return answer != null;
    }

    private @Nullable Answer find(HttpServerRequest request) {
        if (!HttpMethod.GET.equals(request.method())
                || !request.uri().startsWith(PREFIX)
                || request.requestHeaders().contains("Upgrade")
                || rules.requireFilterChain(request.requestHeaders())) {
            return null;
        }
        var answer = answers.getIfPresent(Target.of(request));
        return answer != null && responses.isCurrent(answer.entry()) ? answer : null;
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        var startNanos = System.nanoTime();
        var prepared = new AtomicReference<@Nullable Answer>();
        request.withConnection(
                connection -> prepared.set(connection.channel().attr(PREPARED).getAndSet(null)));
        var answer = Objects.requireNonNull(prepared.get());
        var refusal = rules.countRead(request.remoteAddress(), response::addHeader);
        if (refusal != null) {
            return rules.fail(refusal, request, response);
        }
        var condition = request.requestHeaders().get("If-None-Match");
        if (condition != null && Responses.matches(condition, answer.entry().etag())) {
            rules.begin(request, response, 304, answer.unchanged());
            return response.send().doOnSuccess(sent -> record(304, startNanos));
        }
        rules.begin(request, response, 200, answer.headers());
        return response.sendObject(Unpooled.wrappedBuffer(answer.entry().body()))
                .then()
                .doOnSuccess(sent -> record(200, startNanos));
    }

    private void record(int status, long startNanos) {
        var timer = timers.get(status);
        if (timer != null) {
            timer.record(Duration.ofNanos(System.nanoTime() - startNanos));
        }
    }
}
