package dev.freshet.graphql;

import dev.freshet.platform.http.ClientAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The sender of a request, for limits and for the list of sessions.
 *
 * @param address null if it is unknown
 * @param agent the header User-Agent; null if absent
 */
record Origin(@Nullable InetSocketAddress address, @Nullable String agent) {

    static final Origin UNKNOWN = new Origin(null, null);

    static Origin of(ServerRequest request) {
        return new Origin(
                request.remoteAddress().orElse(null), request.headers().firstHeader(HttpHeaders.USER_AGENT));
    }

    /** Returns the identity of the address for counting clients. */
    String client() {
        return ClientAddress.of(address);
    }
}
