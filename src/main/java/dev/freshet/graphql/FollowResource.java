package dev.freshet.graphql;

import dev.freshet.feed.FeedKind;
import dev.freshet.feed.Follow;
import dev.freshet.feed.Follows;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The names that the caller follows. */
@Component
final class FollowResource implements GraphQlResource {

    /** A change of what the caller follows. */
    @FunctionalInterface
    private interface Change {
        Mono<Void> apply(UUID account, FeedKind kind, String name);
    }

    private final Follows follows;

    FollowResource(Follows follows) {
        this.follows = follows;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of("following", this::following);
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "follow", environment -> change(environment, follows::add),
                "unfollow", environment -> change(environment, follows::remove));
    }

    private Mono<List<Map<String, Object>>> change(DataFetchingEnvironment environment, Change change) {
        return change.apply(
                        Call.of(environment).requireCaller().id(),
                        FeedKind.valueOf(Arguments.text(environment, "kind")),
                        Arguments.text(environment, "name"))
                .then(Mono.defer(() -> following(environment)));
    }

    private Mono<List<Map<String, Object>>> following(DataFetchingEnvironment environment) {
        return follows.of(Call.of(environment).requireCaller().id())
                .map(FollowResource::fields)
                .collectList();
    }

    private static Map<String, Object> fields(Follow follow) {
        return Map.of("kind", FeedKind.require(follow.kind()).name(), "name", follow.name(), "since", follow.since());
    }
}
