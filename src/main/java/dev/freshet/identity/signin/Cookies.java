package dev.freshet.identity.signin;

import dev.freshet.platform.http.SecurityHeaders;
import java.time.Duration;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseCookie.ResponseCookieBuilder;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** Cookies of this server. */
public final class Cookies {

    private Cookies() {}

    /** Returns the name of a cookie. Over TLS its prefix prevents other hosts and intermediaries from setting it. */
    public static String name(String name, ServerHttpRequest request) {
        return SecurityHeaders.isOverTls(request) ? "__Host-" + name : name;
    }

    /** Sets a cookie that scripts cannot read and that requests of other sites carry only when they are links. */
    public static void set(ServerWebExchange exchange, String name, String value, Duration age) {
        put(
                exchange,
                cookie(exchange, name(name, exchange.getRequest()), value, age).httpOnly(true));
    }

    /** Sets a cookie that scripts may read, so it proves nothing. */
    static void setReadable(ServerWebExchange exchange, String name, String value, Duration age) {
        put(exchange, cookie(exchange, name, value, age));
    }

    private static ResponseCookieBuilder cookie(ServerWebExchange exchange, String name, String value, Duration age) {
        return ResponseCookie.from(name, value)
                .path("/")
                .maxAge(age)
                .secure(SecurityHeaders.isOverTls(exchange.getRequest()))
                .sameSite("Lax");
    }

    /** Replaces a cookie that was set before. */
    private static void put(ServerWebExchange exchange, ResponseCookieBuilder builder) {
        var cookie = builder.build();
        exchange.getResponse().getCookies().set(cookie.getName(), cookie);
    }
}
