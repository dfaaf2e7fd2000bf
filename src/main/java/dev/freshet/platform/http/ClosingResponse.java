package dev.freshet.platform.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** The response to an EventSource whose stream can't open. It stops reconnecting on any status but 200. */
public final class ClosingResponse {

    private ClosingResponse() {}

    /**
     * Writes a {@code closing} event.
     *
     * @param retryMillis delay after which the client reconnects
     */
    public static Mono<Void> write(ServerHttpResponse response, ClosingReason reason, long retryMillis) {
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().setContentType(Representation.SSE.mediaType());
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(reason.sse(retryMillis))));
    }
}
