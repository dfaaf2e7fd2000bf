package dev.freshet.platform.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.web.server.header.ServerHttpHeadersWriter;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The headers of every response that limit what a browser may do with it, whichever part of the server writes it. */
@Component
public final class SecurityHeaders implements ServerHttpHeadersWriter {

    /** The header with the policy of a page. */
    public static final String POLICY = "Content-Security-Policy";

    private static final String BASIC_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
                    + "media-src https:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
                    + "frame-ancestors 'none'";

    private final HttpHeaders inClearText;
    private final HttpHeaders overTls;

    SecurityHeaders(CorsSettings cors) {
        inClearText = new DefaultHttpHeaders()
                .set(POLICY, BASIC_POLICY)
                .set("Cross-Origin-Opener-Policy", "same-origin")
                // Keeps responses out of images and scripts of other origins. CORS decides what these may read.
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set(
                        "Permissions-Policy",
                        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
                .set("Referrer-Policy", "strict-origin-when-cross-origin")
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                // Off: the filter of old browsers does harm.
                .set("X-XSS-Protection", "0");
        if (cors.isOn()) {
            // Also for requests without Origin: a cache must not serve their responses to another origin.
            inClearText.set("Vary", "Origin");
        }
        overTls = inClearText.copy().set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }

    /**
     * Returns the policy of a page that may show frames of other sites.
     *
     * @param origins the origins of the frames, such as {@code https://example.org}; empty for none
     */
    public static String policy(Collection<String> origins) {
        return origins.isEmpty() ? BASIC_POLICY : BASIC_POLICY + "; frame-src " + String.join(" ", origins);
    }

    /** Returns the headers of a response. They are shared: copy them as a whole, and do not modify them. */
    public HttpHeaders nettyHeaders(boolean isOverTls) {
        return isOverTls ? overTls : inClearText;
    }

    /** Returns whether a request arrived over TLS, at this server or at a trusted proxy. */
    public static boolean isOverTls(ServerHttpRequest request) {
        return isOverTls(request.getURI().getScheme());
    }

    /** Returns whether a request with this scheme arrived over TLS. */
    public static boolean isOverTls(@Nullable String scheme) {
        return "https".equals(scheme);
    }

    /** Adds the headers that a response does not have yet. */
    public void addMissing(ServerHttpResponse response, boolean isOverTls) {
        var headers = response.getHeaders();
        for (var header : nettyHeaders(isOverTls)) {
            var name = header.getKey();
            if (name.equals("Vary")) {
                if (!headers.getVary().contains(header.getValue())) {
                    headers.add(name, header.getValue());
                }
            } else if (!headers.containsHeader(name)) {
                headers.set(name, header.getValue());
            }
        }
    }

    @Override
    public Mono<Void> writeHttpHeaders(ServerWebExchange exchange) {
        addMissing(exchange.getResponse(), isOverTls(exchange.getRequest()));
        return Mono.empty();
    }
}
