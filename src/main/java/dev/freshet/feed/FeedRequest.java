package dev.freshet.feed;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * A parsed request for a feed.
 *
 * @param feed complete: with the caller's account where the request selects what the caller follows
 * @param parameters all parameters, for those that belong to the representation
 */
public record FeedRequest(Representation representation, Feed feed, FeedParameters parameters) {

    /**
     * Parses a request in a representation that is already negotiated.
     *
     * @return fails with the problem of an invalid parameter, or with {@link Problem#UNAUTHORIZED} or {@link
     *     Problem#FORBIDDEN} if the caller may not read the feed
     */
    public static Mono<FeedRequest> of(ServerRequest request, Representation representation, FeedSettings settings) {
        return Mono.defer(() -> {
            var parameters = FeedParameters.of(request);
            var feed = parameters.feed(settings);
            return (parameters.isFollowing() ? follower(request).map(feed::followedBy) : Mono.just(feed))
                    .map(complete -> new FeedRequest(representation, complete, parameters));
        });
    }

    private static Mono<UUID> follower(ServerRequest request) {
        return Caller.of(request)
                .map(FeedRequest::follower)
                .switchIfEmpty(Mono.fromSupplier(() -> follower((Caller) null)));
    }

    /**
     * Returns the account whose followed names a caller may read, or throws the problem that it may not.
     *
     * @param caller null for an anonymous client
     */
    public static UUID follower(@Nullable Caller caller) {
        if (caller == null) {
            throw Problem.UNAUTHORIZED.because("The feed following=true requires a token.");
        }
        if (!caller.scopes().contains(Scope.ARTICLES_READ)) {
            throw Scope.ARTICLES_READ.missing("The feed following=true");
        }
        return caller.id();
    }
}
