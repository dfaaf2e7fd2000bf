package dev.freshet.limit;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.ClosingResponse;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.SecurityHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Passes a request on if its client's bucket is not empty, reports the rest of the budget, and refuses all others. */
final class RateFilter implements WebFilter, Ordered {

    /** Before Spring Security, so that attempts with tokens are limited. */
    static final int BEFORE_SECURITY = -200;

    /** After Spring Security, which then knows the caller. */
    static final int AFTER_SECURITY = 0;

    private final int order;
    private final Map<RequestCategory, RatePolicy> policies;
    private final Function<ServerWebExchange, Mono<String>> client;
    private final RateLimits limits;
    private final SecurityHeaders securityHeaders;

    /** @param client returns the client that a request counts for; empty if it is not counted */
    RateFilter(
            int order,
            Map<RequestCategory, RatePolicy> policies,
            Function<ServerWebExchange, Mono<String>> client,
            RateLimits limits,
            SecurityHeaders securityHeaders) {
        this.order = order;
        this.policies = policies;
        this.client = client;
        this.limits = limits;
        this.securityHeaders = securityHeaders;
    }

    static Mono<String> address(ServerWebExchange exchange) {
        return Mono.just(ClientAddress.of(exchange.getRequest().getRemoteAddress()));
    }

    static Mono<String> account(ServerWebExchange exchange) {
        return Caller.of(exchange.getPrincipal()).map(caller -> caller.id().toString());
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        var category = RequestCategory.of(exchange);
        var policy = category == null ? null : policies.get(category);
        if (policy == null || limits.isExempt(request.getRemoteAddress())) {
            return chain.filter(exchange);
        }
        return client.apply(exchange)
                .flatMap(id -> limits.take(policy, id))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(decision ->
                        decision.isEmpty() ? chain.filter(exchange) : apply(decision.get(), exchange, chain));
    }

    private Mono<Void> apply(RateDecision decision, ServerWebExchange exchange, WebFilterChain chain) {
        decision.report(exchange.getResponse().getHeaders()::add);
        return decision.granted()
                ? chain.filter(exchange)
                : securityHeaders
                        .writeHttpHeaders(exchange)
                        .then(refuse(decision, Representation.isEventStream(exchange), exchange.getResponse()));
    }

    /** Fails with the problem of a refusal, unless the request opens a stream of server-sent events. */
    static Mono<Void> refuse(RateDecision decision, boolean isEventStream, ServerHttpResponse response) {
        if (!isEventStream) {
            return Mono.error(decision.problem());
        }
        var wait = decision.pause().toMillis() + ThreadLocalRandom.current().nextLong(1000, 5000);
        return ClosingResponse.write(response, ClosingReason.TOO_MANY_REQUESTS, wait);
    }
}
