package dev.freshet.read.web;

import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The body of a response, as bytes that are already rendered. */
final class RenderedBody {

    private RenderedBody() {}

    /** Completes a response with a body. */
    static Mono<ServerResponse> write(ServerResponse.BodyBuilder response, byte[] body) {
        return response.contentLength(body.length)
                .body((message, context) -> message.writeWith(
                        Mono.fromSupplier(() -> message.bufferFactory().wrap(body))));
    }
}
