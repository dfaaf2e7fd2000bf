package dev.freshet.platform.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * The response to an EventSource whose stream can't open: status 200 and a {@code closing} event. An EventSource stops
 * reconnecting on any other status.
 */
public final class ClosingResponse {

    private ClosingResponse() {}

    /**
     * Writes a {@code closing} event.
     *
     * @param retryMillis delay after which the client reconnects
     */
    public static Mono<Void> write(ServerHttpResponse response, ClosingReason reason, long retryMillis) {
        return write(response, reason.sse(retryMillis));
    }

    /** Writes a notice in another format of server-sent events. */
    public static Mono<Void> write(ServerHttpResponse response, byte[] notice) {
        response.setStatusCode(HttpStatus.OK);
        setHeaders(response.getHeaders(), Representation.SSE);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(notice)));
    }

    /** Sets the headers of a stream, whether it opens or not. */
    public static void setHeaders(HttpHeaders headers, Representation representation) {
        headers.setContentType(representation.mediaType());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        headers.set("X-Accel-Buffering", "no");
        // Proxies pass on each part at once (draft-ietf-httpbis-incremental).
        headers.set("Incremental", "?1");
        if (!headers.getVary().contains(HttpHeaders.ACCEPT)) {
            headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        }
    }
}
