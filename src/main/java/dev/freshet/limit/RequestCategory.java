package dev.freshet.limit;

import dev.freshet.platform.WireName;
import dev.freshet.platform.http.Representation;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The categories of requests, each with budgets of its own. */
enum RequestCategory implements WireName {
    SIGN_IN("sign-in attempts"),
    WRITES("writes"),
    READS("reads"),
    STREAMS("stream requests");

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    // Paths of requests that prove or change an identity; those of the first list only with unsafe methods.
    private static final List<PathPattern> SIGN_IN_PATHS = patterns(
            "/sign-in",
            "/sign-up",
            "/api/v1/session/**",
            "/api/v1/sign-up",
            "/api/v1/password-resets/**",
            "/api/v1/account/password");
    private static final List<PathPattern> OIDC_SIGN_IN = patterns("/oauth2/**", "/login/**");
    private static final PathPattern ACTUATOR = PathPatternParser.defaultInstance.parse("/actuator/**");

    private final String plural;

    RequestCategory(String plural) {
        this.plural = plural;
    }

    /** Returns the noun for several requests, for messages. */
    String plural() {
        return plural;
    }

    /** Returns the category of a request; null for requests of operators and their probes, which are not counted. */
    static @Nullable RequestCategory of(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        var path = request.getPath().pathWithinApplication();
        if (ACTUATOR.matches(path)) {
            return null;
        }
        if (OIDC_SIGN_IN.stream().anyMatch(pattern -> pattern.matches(path))) {
            return SIGN_IN;
        }
        if (!SAFE.contains(request.getMethod())) {
            return SIGN_IN_PATHS.stream().anyMatch(pattern -> pattern.matches(path)) ? SIGN_IN : WRITES;
        }
        return Representation.isStream(exchange) ? STREAMS : READS;
    }

    /** Returns the name as clients see it, for example {@code sign-in}. */
    @Override
    public String toString() {
        return wireName();
    }

    private static List<PathPattern> patterns(String... patterns) {
        return Stream.of(patterns).map(PathPatternParser.defaultInstance::parse).toList();
    }
}
