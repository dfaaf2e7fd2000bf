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
 * Refuses requests that change something and that another site makes a reader's browser send (CSRF). Browsers say where a
 * request comes from, by {@code Sec-Fetch-Site} or {@code Origin}, and no site can change that. So there is no token
 * that pages would have to carry, which are the same for all and kept. A request with {@code Authorization} is exempt:
 * no other site can have that sent, and the cookie doesn't count beside it. Origins that the settings let use the API are
 * exempt too, with the cookie where they may send it.
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
        return SAFE.contains(request.getMethod())
                        || request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                        || isOwn(request)
                        || cors.lets(request, BrowserSessions.isShownBy(request))
                ? chain.filter(exchange)
                : problems.handle(
                        exchange,
                        Problem.CROSS_SITE.because("A page of another site sent this request, or nothing says which."));
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
        // No browser of these years, which needs a cookie for no good reason.
        return !BrowserSessions.isShownBy(request);
    }

    /** By host and port: whether a proxy ended TLS before this server may not be known here. */
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
