package dev.freshet.feed;

import dev.freshet.platform.http.Representation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The endpoint of feeds: parses each request once and passes it to the bean of its representation. */
@Component
public final class FeedEndpoint {

    private final Map<Representation, FeedRepresentation> beans = new EnumMap<>(Representation.class);

    FeedEndpoint(List<FeedRepresentation> beans) {
        for (var bean : beans) {
            for (var representation : bean.representations()) {
                if (this.beans.put(representation, bean) != null) {
                    throw new IllegalStateException("Two beans respond in " + representation);
                }
            }
        }
        if (!this.beans.keySet().containsAll(Representation.OF_FEEDS)) {
            throw new IllegalStateException("No bean responds in some of " + Representation.OF_FEEDS);
        }
    }

    /** Routes GET to every representation, and HEAD to those that end. */
    public RouterFunction<ServerResponse> route() {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(Representation.FEED_PATH))
                        .and(request -> !HttpMethod.HEAD.equals(request.method()) || isPage(request)),
                this::respond);
    }

    // A HEAD of a stream is left to the next handler, which reports that the method is not allowed.
    private static boolean isPage(ServerRequest request) {
        return !FeedParameters.of(request).representation().isStream();
    }

    private Mono<ServerResponse> respond(ServerRequest request) {
        var parameters = FeedParameters.of(request);
        var representation = parameters.representation();
        var bean = beans.get(representation);
        if (bean == null) {
            throw new IllegalStateException("No bean responds in " + representation);
        }
        return FeedRequest.of(request, parameters, representation)
                .flatMap(requested -> bean.respond(request, requested));
    }
}
