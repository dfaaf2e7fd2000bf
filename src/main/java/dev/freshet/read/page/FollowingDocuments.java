package dev.freshet.read.page;

import dev.freshet.feed.FeedKind;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedTitle;
import dev.freshet.feed.Follow;
import dev.freshet.feed.NameList;
import dev.freshet.feed.SavedSearch;
import dev.freshet.feed.SavedSearches;
import dev.freshet.feed.SearchAddress;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.credential.Secret;
import dev.freshet.platform.http.Representation;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Documents of followed names and saved searches, for feed readers: a list in OPML, and feeds at secret addresses. */
@Component
final class FollowingDocuments {

    static final String OPML_PATH = "/api/v1/following/opml";

    private static final List<Representation> FORMATS =
            List.of(Representation.ATOM, Representation.RSS, Representation.JSON_FEED);

    private final NameList<Follow> follows;
    private final SavedSearches searches;
    private final PageHandler pages;
    private final PageRequestParser parser;

    FollowingDocuments(NameList<Follow> follows, SavedSearches searches, PageHandler pages, PageRequestParser parser) {
        this.follows = follows;
        this.searches = searches;
        this.pages = pages;
        this.parser = parser;
    }

    /** Responds with the feed of a saved search, to everyone who knows its secret address. */
    Mono<ServerResponse> respondWithSearch(ServerRequest request) {
        var secret = new Secret(request.pathVariable("address"));
        return searches.at(secret).flatMap(search -> {
            var parameters = FeedParameters.of(request);
            var query = parser.secret(
                    parameters,
                    search.feed(),
                    parameters.negotiate(FORMATS),
                    SearchAddress.path(secret),
                    () -> origin(request));
            return pages.respond(request, query);
        });
    }

    /** Responds with the list of what the caller follows. */
    Mono<ServerResponse> respondWithOpml(ServerRequest request) {
        var origin = parser.linkOrigin(() -> origin(request));
        return Caller.of(request)
                .flatMap(caller -> Flux.concat(
                                follows.of(caller.id()).map(follow -> outline(origin, follow)),
                                searches.of(caller.id()).map(search -> outline(origin, search)))
                        .collectList())
                .flatMap(outlines -> ServerResponse.ok()
                        .contentType(Representation.OPML.mediaType())
                        .cacheControl(CacheControl.noStore())
                        .body((response, context) -> response.writeWith(Mono.fromSupplier(() ->
                                response.bufferFactory().wrap(Opml.write("Followed feeds of " + origin, outlines))))));
    }

    private static Opml.Outline outline(String origin, Follow follow) {
        var feed = FeedKind.require(follow.kind()).feed(follow.name());
        return Opml.outline(origin, FeedTitle.of(feed, (kind, key) -> follow.name()), feed);
    }

    private static Opml.Outline outline(String origin, SavedSearch search) {
        return Opml.outline(origin, search.name(), search.feed());
    }

    private static String origin(ServerRequest request) {
        return PageRequestParser.origin(request.uri());
    }
}
