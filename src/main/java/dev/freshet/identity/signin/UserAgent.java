package dev.freshet.identity.signin;

import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The {@code User-Agent} header, by which users recognise their sessions. */
final class UserAgent {

    private static final int MAX_LENGTH = 100;

    private UserAgent() {}

    /** Returns the header, truncated and without control characters; empty if the client sent none. */
    static String of(ServerHttpRequest request) {
        var agent = Optional.ofNullable(request.getHeaders().getFirst(HttpHeaders.USER_AGENT))
                .orElse("");
        return agent.substring(0, Math.min(MAX_LENGTH, agent.length())).replaceAll("\\p{Cntrl}", " ");
    }
}
