package dev.freshet.identity.signin;

import dev.freshet.platform.http.SecurityHeaders;
import java.time.Duration;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseCookie.ResponseCookieBuilder;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** Sets cookies for this host only. */
public final class Cookies {

    private Cookies() {}

    /**
     * Returns the full name of a cookie. Over TLS it has the prefix {@code __Host-}, so that neither other hosts nor an
     * attacker on an unencrypted connection can set it.
     */
    public static String name(String name, ServerHttpRequest request) {
        return SecurityHeaders.isOverTls(request) ? "__Host-" + name : name;
    }

    /** Sets a cookie that is hidden from scripts, and that other sites can send only with links. */
    public static void set(ServerWebExchange exchange, String name, String value, Duration maxAge) {
        replace(
                exchange,
                cookie(exchange, name(name, exchange.getRequest()), value, maxAge)
                        .httpOnly(true));
    }

    /** Sets a cookie that scripts can read. It must not grant anything. */
    static void setReadable(ServerWebExchange exchange, String name, String value, Duration maxAge) {
        replace(exchange, cookie(exchange, name, value, maxAge));
    }

    private static ResponseCookieBuilder cookie(
            ServerWebExchange exchange, String name, String value, Duration maxAge) {
        return ResponseCookie.from(name, value)
                .path("/")
                .maxAge(maxAge)
                .secure(SecurityHeaders.isOverTls(exchange.getRequest()))
                .sameSite("Lax");
    }

    /** Replaces a cookie of the same name that this response sets already. */
    private static void replace(ServerWebExchange exchange, ResponseCookieBuilder builder) {
        var cookie = builder.build();
        exchange.getResponse().getCookies().set(cookie.getName(), cookie);
    }
}
