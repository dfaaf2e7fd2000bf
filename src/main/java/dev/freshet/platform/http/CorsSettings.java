package dev.freshet.platform.http;

import dev.freshet.platform.StartupFailure;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsConfigurationSource;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;

/**
 * Cross-origin resource sharing (CORS). Without origins no other site may use the API from a browser.
 *
 * @param origins such as {@code https://app.example.org}, or only {@code *} for all
 * @param credentials whether requests may carry cookies; never together with {@code *}
 * @param preflightAge maximum time for which a browser caches a preflight response
 */
@ConfigurationProperties("freshet.cors")
public record CorsSettings(
        @DefaultValue List<String> origins,
        @DefaultValue("false") boolean credentials,

        @DurationMin(seconds = 0) @DefaultValue("1h") Duration preflightAge) {

    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@*\\s,]+");
    private static final String[] PATHS = {
        "/api/**", "/graphql/**", "/images/**", "/openapi", "/openapi.yaml", "/.well-known/**"
    };
    private static final List<String> READABLE = List.of(
            HttpHeaders.AGE,
            "Cache-Status",
            HttpHeaders.CONTENT_RANGE,
            HttpHeaders.ETAG,
            "Freshet-Cursor",
            HttpHeaders.LINK,
            HttpHeaders.LOCATION,
            "RateLimit",
            "RateLimit-Policy",
            HttpHeaders.RETRY_AFTER,
            HttpHeaders.WWW_AUTHENTICATE);

    public CorsSettings {
        origins = List.copyOf(origins);
        for (var origin : origins) {
            if (!origin.equals(CorsConfiguration.ALL) && !ORIGIN.matcher(origin).matches()) {
                throw new StartupFailure(
                        "freshet.cors.origins has \"" + origin + "\", which is no origin.",
                        "Write scheme, host and port alone, such as https://app.example.org.");
            }
        }
        if (origins.contains(CorsConfiguration.ALL) && (credentials || origins.size() > 1)) {
            throw new StartupFailure(
                    "freshet.cors.origins has * beside "
                            + (credentials ? "freshet.cors.credentials." : "other origins."),
                    "Name the origins that may use the API, or leave * alone and credentials off.");
        }
    }

    /** Returns whether any other origin may use the API. */
    public boolean isOn() {
        return !origins.isEmpty();
    }

    /**
     * Returns the permissions of a request. A request of another origin gets a response without permission, which its
     * browser withholds. It is not refused, since behind a proxy the program's own pages may look like another origin.
     */
    public CorsConfigurationSource source() {
        var allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(origins);
        allowed.setAllowCredentials(credentials);
        allowed.setMaxAge(preflightAge);
        allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        allowed.setExposedHeaders(READABLE);
        for (var method : new HttpMethod[] {
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE
        }) {
            allowed.addAllowedMethod(method);
        }
        var paths = new UrlBasedCorsConfigurationSource();
        for (var path : PATHS) {
            paths.registerCorsConfiguration(path, allowed);
        }
        return exchange -> isAllowed(allowed, exchange.getRequest().getHeaders().getOrigin())
                ? paths.getCorsConfiguration(exchange)
                : null;
    }

    /** Returns whether a request comes from a permitted page of another origin. */
    public boolean permits(ServerHttpRequest request, boolean carriesSession) {
        var origin = request.getHeaders().getOrigin();
        return origin != null
                && (credentials || !carriesSession)
                && (origins.contains(origin) || origins.contains(CorsConfiguration.ALL));
    }

    private static boolean isAllowed(CorsConfiguration allowed, @Nullable String origin) {
        return origin != null && allowed.checkOrigin(origin) != null;
    }
}
