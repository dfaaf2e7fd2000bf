package dev.freshet.limit;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.IpNetwork;
import dev.freshet.platform.http.SecurityHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Lets a request pass if its client's bucket has room, reports the rest of the budget, and refuses all others. */
final class RateFilter implements WebFilter, Ordered {

    /** Before Spring Security, so that attempts with tokens are limited. */
    static final int BEFORE_SECURITY = -200;

    /** After Spring Security, which then knows the caller. */
    static final int AFTER_SECURITY = 0;

    /** The client that a request is counted for. */
    interface Client {

        /** Returns the client; empty if the request is not counted. */
        Mono<String> of(ServerWebExchange exchange);
    }

    private final int order;
    private final Map<RequestCategory, RatePolicy> policies;
    private final Client client;
    private final List<IpNetwork> exempt;
    private final ReadLimit reads;
    private final @Nullable SharedBuckets shared;
    private final LocalBuckets local;
    private final SecurityHeaders securityHeaders;

    RateFilter(
            int order,
            Map<RequestCategory, RatePolicy> policies,
            Client client,
            List<IpNetwork> exempt,
            ReadLimit reads,
            @Nullable SharedBuckets shared,
            LocalBuckets local,
            SecurityHeaders securityHeaders) {
        this.order = order;
        this.policies = policies;
        this.client = client;
        this.exempt = exempt;
        this.reads = reads;
        this.shared = shared;
        this.local = local;
        this.securityHeaders = securityHeaders;
    }

    static Mono<String> address(ServerWebExchange exchange) {
        return Mono.just(ClientAddress.of(exchange.getRequest().getRemoteAddress()));
    }

    static Mono<String> account(ServerWebExchange exchange) {
        return exchange.getPrincipal()
                .ofType(Authentication.class)
                .mapNotNull(Authentication::getPrincipal)
                .ofType(Caller.class)
                .map(caller -> caller.id().toString());
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var address = exchange.getRequest().getRemoteAddress();
        var kind = RequestCategory.of(exchange.getRequest());
        var policy = kind == null ? null : policies.get(kind);
        if (policy == null || (address != null && IpNetwork.anyContains(exempt, address))) {
            return chain.filter(exchange);
        }
        return client.of(exchange)
                .flatMap(whose -> take(policy, whose))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(taken -> taken.isEmpty() ? chain.filter(exchange) : answer(taken.get(), exchange, chain));
    }

    private Mono<RateDecision> take(RatePolicy policy, String whose) {
        if (policy.kind() == RequestCategory.READS) {
            return Mono.fromSupplier(() -> reads.take(policy, whose));
        }
        return shared == null
                ? Mono.fromSupplier(() -> local.take(policy, whose))
                : shared.take(policy, whose)
                        .onErrorResume(failure -> Mono.fromSupplier(() -> local.take(policy, whose)))
                        // The rest of the request is no work for the threads of the Redis connections.
                        .publishOn(Schedulers.parallel());
    }

    private Mono<Void> answer(RateDecision taken, ServerWebExchange exchange, WebFilterChain chain) {
        // Shared pages carry the fields only for clients that they concern.
        if (taken.policy().kind() != RequestCategory.READS || taken.isScarce()) {
            taken.tell(exchange.getResponse().getHeaders()::add);
        }
        return taken.granted()
                ? chain.filter(exchange)
                : securityHeaders.writeHttpHeaders(exchange).then(refuse(taken, exchange));
    }

    /** An EventSource stops reconnecting on any status but 200, so it gets a closing event. */
    private static Mono<Void> refuse(RateDecision taken, ServerWebExchange exchange) {
        var isEventSource =
                taken.policy().kind() == RequestCategory.STREAMS && acceptsEventStream(exchange.getRequest());
        return isEventSource ? sendAway(taken, exchange.getResponse()) : Mono.error(taken.problem());
    }

    private static boolean acceptsEventStream(ServerHttpRequest request) {
        return request.getHeaders().getOrEmpty(HttpHeaders.ACCEPT).stream()
                .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains(MediaType.TEXT_EVENT_STREAM_VALUE));
    }

    private static Mono<Void> sendAway(RateDecision taken, ServerHttpResponse response) {
        var wait = taken.pause().toMillis() + ThreadLocalRandom.current().nextLong(1000, 5000);
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(ClosingReason.TOO_MANY_REQUESTS.sse(wait))));
    }
}
