package dev.freshet.feed;

import dev.freshet.platform.http.Representation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private static final Set<HttpMethod> METHODS = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS)));

    private final Map<Representation, FeedResponder> beans = new EnumMap<>(Representation.class);
    private final FeedSettings settings;

    FeedEndpoint(List<FeedResponder> beans, FeedSettings settings) {
        this.settings = settings;
        for (var bean : beans) {
            for (var representation : bean.representations()) {
                if (this.beans.put(representation, bean) != null) {
                    throw new IllegalStateException("Two beans respond in " + representation);
                }
            }
        }
        var missing = Representation.OF_FEEDS.stream()
                .filter(each -> !this.beans.containsKey(each))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("No bean responds in " + missing
                    + ". Add a PageRenderer for a page, or a FeedResponder for another response.");
        }
    }

    /** Routes GET and HEAD to every representation, and reports the methods of the path. POST is left to the next route. */
    public RouterFunction<ServerResponse> route() {
        var path = RequestPredicates.path(Representation.FEED_PATH);
        return RouterFunctions.route(
                        RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                                .and(path),
                        this::respond)
                .andRoute(RequestPredicates.method(HttpMethod.POST).negate().and(path), FeedEndpoint::reportMethods);
    }

    private static Mono<ServerResponse> reportMethods(ServerRequest request) {
        return HttpMethod.OPTIONS.equals(request.method())
                ? ServerResponse.noContent().allow(METHODS).build()
                : Mono.error(new MethodNotAllowedException(request.method(), METHODS));
    }

    private Mono<ServerResponse> respond(ServerRequest request) {
        var representation = Representation.ofFeed(request.exchange());
        var bean = Objects.requireNonNull(beans.get(representation));
        return FeedRequest.of(request, representation, settings).flatMap(requested -> bean.respond(request, requested));
    }
}
