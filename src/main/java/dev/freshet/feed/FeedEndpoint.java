package dev.freshet.feed;

import dev.freshet.platform.http.Representation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;

/** The endpoint of feeds: parses each request once, then switches on the representation. */
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

    /** Routes GET to every representation, and HEAD to those that end. HEAD of a stream is not allowed. */
    public RouterFunction<ServerResponse> route() {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(Representation.FEED_PATH)),
                this::respond);
    }

    private Mono<ServerResponse> respond(ServerRequest request) {
        var representation = Representation.ofFeed(request.exchange());
        if (representation.isStream() && HttpMethod.HEAD.equals(request.method())) {
            throw new MethodNotAllowedException(HttpMethod.HEAD, List.of(HttpMethod.GET, HttpMethod.POST));
        }
        var bean = Objects.requireNonNull(beans.get(representation));
        return FeedRequest.of(request, representation).flatMap(requested -> bean.respond(request, requested));
    }
}
