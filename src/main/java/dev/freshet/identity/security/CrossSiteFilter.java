package dev.freshet.identity.security;

import dev.freshet.identity.signin.BrowserSessions;
import dev.freshet.platform.http.CorsSettings;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemHandler;
import java.net.URI;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses unsafe requests that another site makes a reader's browser send (CSRF). Browsers state the origin of a
 * request in {@code Sec-Fetch-Site} or {@code Origin}, which no site can change. So pages carry no CSRF token, and stay
 * the same for all and cacheable. Requests with {@code Authorization} are exempt: no other site can add that header,
 * and it overrides the cookie. Origins permitted by the CORS settings are exempt too, with the cookie if they may send
 * it.
 */
final class CrossSiteFilter implements WebFilter {

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private final ProblemHandler problems;
    private final CorsSettings cors;

    CrossSiteFilter(ProblemHandler problems, CorsSettings cors) {
        this.problems = problems;
        this.cors = cors;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        return isSafe(request)
                        || request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                        || isOwn(request)
                        || cors.permits(request, BrowserSessions.hasCookie(request))
                ? chain.filter(exchange)
                : problems.handle(
                        exchange,
                        Problem.CROSS_SITE.because(
                                "A page of another site sent this request, or its origin is unknown."));
    }

    /** A WebSocket may carry any operation, with the cookie of its handshake, and browsers let every site open one. */
    private static boolean isSafe(ServerHttpRequest request) {
        return SAFE.contains(request.getMethod()) && !request.getHeaders().containsHeader(HttpHeaders.UPGRADE);
    }

    private static boolean isOwn(ServerHttpRequest request) {
        var site = request.getHeaders().getFirst(FETCH_SITE);
        if (site != null) {
            return site.equals("same-origin") || site.equals("none");
        }
        var origin = request.getHeaders().getOrigin();
        if (origin != null) {
            return isHostOf(request, origin);
        }
        // No current browser; another client has no reason to send a cookie.
        return !BrowserSessions.hasCookie(request);
    }

    /** Compares host and port: behind a proxy that ends TLS, the scheme may be unknown here. */
    private static boolean isHostOf(ServerHttpRequest request, String origin) {
        try {
            var authority = URI.create(origin).getRawAuthority();
            return authority != null
                    && authority.equalsIgnoreCase(request.getURI().getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
