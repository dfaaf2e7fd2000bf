package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.limit.EdgeRules;
import dev.freshet.platform.http.QueryParameters;
import dev.freshet.platform.http.RequestTimers;
import dev.freshet.platform.problem.Problems;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fast path for public queries. It responds at the web server, before the filters and the dispatcher, which take
 * several times as long as a cached response and half as long as a page. It knows requests that were answered before, and
 * executes known documents for anonymous clients. All other requests take the slow path: with a credential, an unknown
 * document, or a field that differs between callers.
 */
final class PublicQueryRoute implements NettyRouteProvider {

    private static final String PREFIX = "/graphql?";
    private static final AttributeKey<@Nullable Plan> PREPARED =
            AttributeKey.valueOf(PublicQueryRoute.class, "prepared");

    /** A request apart from its conditions: everything that its document, its variables and its media type follow from. */
    private record Target(String uri, List<String> accept) {

        static Target of(HttpServerRequest request) {
            return new Target(request.uri(), request.requestHeaders().getAll("Accept"));
        }

        int size() {
            return 200 + uri.length() + accept.stream().mapToInt(String::length).sum();
        }
    }

    /** The response, or the way to it, of a request that does not pass the filter chain. */
    private sealed interface Plan {}

    private record Execution(ResponseType type, Operations.Prepared query) implements Plan {}

    private record Answer(ResponseCache.Entry entry, HttpHeaders headers, HttpHeaders unchanged) implements Plan {

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

    private final Operations operations;
    private final ResponseCache responses;
    private final EdgeRules rules;
    private final RequestTimers timers;
    private final JsonMapper json;
    private final Cache<Target, Answer> answers;

    /** @param maxBytes memory of requests; their responses are those of the cache */
    PublicQueryRoute(
            Operations operations,
            ResponseCache responses,
            long maxBytes,
            EdgeRules rules,
            RequestTimers timers,
            JsonMapper json) {
        this.operations = operations;
        this.responses = responses;
        this.rules = rules;
        this.timers = timers;
        this.json = json;
        this.answers = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .<Target, Answer>weigher((target, answer) ->
                        target.size() + 1000 + answer.entry().body().length)
                .build();
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
        var plan = plan(request);
        if (plan != null) {
            request.withConnection(
                    connection -> connection.channel().attr(PREPARED).set(plan));
        }
        return plan != null;
    }

    private @Nullable Plan plan(HttpServerRequest request) {
        if (!HttpMethod.GET.equals(request.method())
                || !request.uri().startsWith(PREFIX)
                || request.requestHeaders().contains("Upgrade")
                || rules.requireFilterChain(request.requestHeaders())) {
            return null;
        }
        var target = Target.of(request);
        var answer = answers.getIfPresent(target);
        if (answer != null && responses.isCurrent(answer.entry())) {
            return answer;
        }
        var execution = execution(request);
        // Only a request that comes again is worth a place.
        var repeated = execution == null ? null : operations.cached(execution.query());
        if (execution == null || repeated == null) {
            return execution;
        }
        var found = Answer.of(repeated, execution.type());
        answers.put(target, found);
        return found;
    }

    private @Nullable Execution execution(HttpServerRequest request) {
        // A request that will be refused is not worth the parsing of its variables.
        if (request.requestHeaders().contains("Cookie") || rules.refusesRead(request.remoteAddress())) {
            return null;
        }
        try {
            var type = ResponseType.negotiate(
                    new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders())));
            var parameters = QueryParameters.parse(request.uri().substring(PREFIX.length()));
            var query =
                    type == ResponseType.SSE ? null : operations.prepareKnown(DocumentRequest.parse(parameters, json));
            return query == null ? null : new Execution(type, query);
        } catch (RuntimeException e) {
            // The slow path reports the error.
            return null;
        }
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        var startNanos = System.nanoTime();
        var prepared = new AtomicReference<@Nullable Plan>();
        request.withConnection(
                connection -> prepared.set(connection.channel().attr(PREPARED).getAndSet(null)));
        var plan = Objects.requireNonNull(prepared.get());
        var refusal = rules.countRead(request.remoteAddress(), response::addHeader);
        if (refusal != null) {
            return rules.fail(refusal, request, response);
        }
        var written = switch (plan) {
            case Answer answer -> write(answer, request, response);
            case Execution execution -> execute(execution, request, response);
        };
        return written.doOnSuccess(
                done -> timers.record(startNanos, "/graphql", response.status().code(), null));
    }

    private Mono<Void> execute(Execution execution, HttpServerRequest request, HttpServerResponse response) {
        var type = execution.type();
        var origin =
                new Origin(request.remoteAddress(), request.requestHeaders().get("User-Agent"));
        return operations
                .executeKnown(execution.query(), origin)
                .map(outcome -> switch (outcome) {
                    case Operations.Outcome.Shared shared -> write(Answer.of(shared.entry(), type), request, response);
                    case Operations.Outcome.Personal personal ->
                        write(Responses.personal(type, personal.body(), personal.hasData()), request, response);
                    case Operations.Outcome.Stream stream ->
                        throw new IllegalStateException("A query opened " + stream);
                })
                // Covers the execution alone: once a response is being written, no problem can follow.
                .onErrorResume(failure -> Mono.just(
                        Problems.of(failure) == null
                                ? rules.fail(failure, request, response)
                                : write(
                                        Responses.error(type, ProblemErrors.problem(failure, "request"), json),
                                        request,
                                        response)))
                .flatMap(written -> written);
    }

    private Mono<Void> write(Answer answer, HttpServerRequest request, HttpServerResponse response) {
        var condition = request.requestHeaders().get("If-None-Match");
        if (condition != null && Responses.matches(condition, answer.entry().etag())) {
            rules.begin(request, response, 304, answer.unchanged());
            return response.send();
        }
        rules.begin(request, response, 200, answer.headers());
        return response.sendObject(Unpooled.wrappedBuffer(answer.entry().body()))
                .then();
    }

    private Mono<Void> write(Responses.Reply reply, HttpServerRequest request, HttpServerResponse response) {
        var headers = new DefaultHttpHeaders();
        reply.headers().forEach(headers::set);
        headers.set("Content-Length", reply.body().length);
        rules.begin(request, response, reply.status(), headers);
        return response.sendObject(Unpooled.wrappedBuffer(reply.body())).then();
    }
}
