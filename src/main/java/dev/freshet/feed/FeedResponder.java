package dev.freshet.feed;

import dev.freshet.platform.http.Representation;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Responds to requests for feeds in some representations. Two beans of this type respond in pages and in streams. A new
 * representation that is neither is a further bean of this type. The application does not start unless exactly one bean
 * responds in each of {@link Representation#OF_FEEDS}.
 */
public interface FeedResponder {

    /** Returns the representations in which this bean responds; no other bean may have one of them. */
    Set<Representation> representations();

    /**
     * Responds to a request.
     *
     * @param requested the same request, parsed; its representation is one of {@link #representations}
     * @return fails with the problem to report to the client
     */
    Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested);
}
