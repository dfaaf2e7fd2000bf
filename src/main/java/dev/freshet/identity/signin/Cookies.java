package dev.freshet.identity.signin;

import dev.freshet.platform.http.SecurityHeaders;
import java.time.Duration;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseCookie.ResponseCookieBuilder;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** Cookies that are this server's alone. */
public final class Cookies {

    private Cookies() {}

    /** Over TLS, no other host and nobody between can set a cookie whose name begins so. */
    public static String name(String name, ServerHttpRequest request) {
        return SecurityHeaders.isOverTls(request) ? "__Host-" + name : name;
    }

    /** Sets a cookie that scripts can't read, and that other sites' requests carry where they are links alone. */
    public static void set(ServerWebExchange exchange, String name, String value, Duration age) {
        put(
                exchange,
                cookie(exchange, name(name, exchange.getRequest()), value, age).httpOnly(true));
    }

    /** Sets a cookie that scripts may read, and so one that proves nothing. */
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

    /** In the place of one that was set before. */
    private static void put(ServerWebExchange exchange, ResponseCookieBuilder builder) {
        var cookie = builder.build();
        exchange.getResponse().getCookies().set(cookie.getName(), cookie);
    }
}
