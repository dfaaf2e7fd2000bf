package dev.freshet.platform.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.web.server.header.ServerHttpHeadersWriter;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The headers that every answer carries, whatever wrote it, so that a browser can do no more with it than is meant. */
@Component
public final class SecurityHeaders implements ServerHttpHeadersWriter {

    private final Map<String, String> always;
    private final Map<String, String> overTls;

    SecurityHeaders(CorsSettings cors) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; "
                        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        // What others may read is for CORS to say; this keeps it out of their images and scripts.
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put(
                "Permissions-Policy",
                "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()");
        headers.put("Referrer-Policy", "strict-origin-when-cross-origin");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        // Off: where it exists, the filter that it would switch on does harm.
        headers.put("X-XSS-Protection", "0");
        if (cors.isOn()) {
            // Also where no origin is told: a cache must not hand that answer to a page of another origin.
            headers.put(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
        always = Map.copyOf(headers);
        headers.put("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        overTls = Map.copyOf(headers);
    }

    /** The headers of an answer, by name. */
    public Map<String, String> of(boolean isOverTls) {
        return isOverTls ? overTls : always;
    }

    /** Whether a request came over TLS. */
    public static boolean isOverTls(ServerHttpRequest request) {
        return "https".equals(request.getURI().getScheme());
    }

    /** Sets those that the answer has not set itself. */
    @Override
    public Mono<Void> writeHttpHeaders(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        of(isOverTls(exchange.getRequest())).forEach((name, value) -> {
            if (name.equals(HttpHeaders.VARY)) {
                if (!headers.getVary().contains(value)) {
                    headers.add(name, value);
                }
            } else if (!headers.containsHeader(name)) {
                headers.set(name, value);
            }
        });
        return Mono.empty();
    }
}
