package dev.freshet.limit;

import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.CorsSettings;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.problem.ProblemHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The rules that the filter chain enforces, as far as the fast paths share them: headers, rates, CORS and forwarded
 * requests. Both use the same {@link SecurityHeaders}, {@link RateLimits} and settings, so each rule exists once.
 * A request to which a rule of the chain alone applies has to pass the chain.
 */
public final class EdgeRules {

    // Headers that Spring's ForwardedHeaderTransformer reads.
    private static final List<String> FORWARDED_HEADERS = List.of(
            "Forwarded",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Proto",
            "X-Forwarded-Prefix",
            "X-Forwarded-Ssl",
            "X-Forwarded-For");

    private final RateLimits limits;
    private final @Nullable RatePolicy readsPerAddress;
    private final @Nullable RatePolicy streamsPerAddress;
    private final SecurityHeaders securityHeaders;
    private final boolean corsIsOn;
    private final boolean chainReadsForwardedHeaders;
    private final ProblemHandler problems;

    /**
     * Creates the rules.
     *
     * @param perAddress without the categories that have no limit
     * @param chainReadsForwardedHeaders whether the chain takes address, scheme and host from forwarded headers
     */
    EdgeRules(
            RateLimits limits,
            Map<RequestCategory, RatePolicy> perAddress,
            SecurityHeaders securityHeaders,
            CorsSettings cors,
            boolean chainReadsForwardedHeaders,
            ProblemHandler problems) {
        this.limits = limits;
        this.readsPerAddress = perAddress.get(RequestCategory.READS);
        this.streamsPerAddress = perAddress.get(RequestCategory.STREAMS);
        this.securityHeaders = securityHeaders;
        this.corsIsOn = cors.isOn();
        this.chainReadsForwardedHeaders = chainReadsForwardedHeaders;
        this.problems = problems;
    }

    /** Returns whether a request has to pass the filter chain: with a credential, across origins, or forwarded. */
    public boolean requireFilterChain(HttpHeaders request) {
        return request.contains(HttpHeaderNames.AUTHORIZATION)
                || (corsIsOn && request.contains(HttpHeaderNames.ORIGIN))
                || (chainReadsForwardedHeaders && isForwarded(request));
    }

    private static boolean isForwarded(HttpHeaders request) {
        for (var name : FORWARDED_HEADERS) {
            if (request.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Counts a read of an anonymous client, and reports the rest of its budget once it is scarce.
     *
     * @return the problem to respond with; null if the read may proceed
     */
    public @Nullable ProblemException countRead(
            @Nullable InetSocketAddress address, BiConsumer<String, String> responseHeaders) {
        if (readsPerAddress == null || address == null || limits.isExempt(address)) {
            return null;
        }
        var decision = limits.takeRead(readsPerAddress, ClientAddress.of(address));
        decision.report(responseHeaders);
        return decision.granted() ? null : decision.problem();
    }

    /** Returns whether a read of an anonymous client would be refused now. Costs less than the work that it saves. */
    public boolean refusesRead(@Nullable InetSocketAddress address) {
        return readsPerAddress != null
                && address != null
                && !limits.isExempt(address)
                && limits.refusesRead(readsPerAddress, ClientAddress.of(address));
    }

    /**
     * Counts a stream that an anonymous client opens, and opens it unless the budget is spent.
     *
     * @param response gets the security headers
     * @param open opens the stream
     */
    public Mono<Void> countStream(
            HttpServerRequest request, boolean isEventStream, ServerHttpResponse response, Mono<Void> open) {
        securityHeaders.addMissing(response, SecurityHeaders.isOverTls(request.scheme()));
        var address = request.remoteAddress();
        if (streamsPerAddress == null || limits.isExempt(address)) {
            return open;
        }
        return limits.take(streamsPerAddress, ClientAddress.of(address)).flatMap(decision -> {
            decision.report(response.getHeaders()::add);
            return decision.granted() ? open : RateFilter.refuse(decision, isEventStream, response);
        });
    }

    /** Sets status and headers of a response, with the security headers. */
    public void begin(HttpServerRequest request, HttpServerResponse response, int status, HttpHeaders responseHeaders) {
        response.status(status);
        // Added as a whole, which copies them unchecked: single additions are validated character by character.
        response.responseHeaders()
                .add(securityHeaders.nettyHeaders(SecurityHeaders.isOverTls(request.scheme())))
                .add(responseHeaders);
    }

    /** Writes the problem of a failure. */
    public Mono<Void> fail(Throwable failure, HttpServerRequest request, HttpServerResponse response) {
        return new ReactorHttpHandlerAdapter((springRequest, springResponse) -> {
                    securityHeaders.addMissing(springResponse, SecurityHeaders.isOverTls(request.scheme()));
                    return fail(failure, springRequest, springResponse);
                })
                .apply(request, response);
    }

    /** Writes the problem of a failure as a response that has the security headers. */
    public Mono<Void> fail(Throwable failure, ServerHttpRequest request, ServerHttpResponse response) {
        return problems.handle(request, response, failure);
    }
}
