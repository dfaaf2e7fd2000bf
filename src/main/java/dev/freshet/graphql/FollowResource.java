package dev.freshet.graphql;

import dev.freshet.feed.FeedKind;
import dev.freshet.feed.Follow;
import dev.freshet.feed.ListedName;
import dev.freshet.feed.Mute;
import dev.freshet.feed.NameList;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The names that the caller follows, and those that it mutes. */
@Component
final class FollowResource implements GraphQlResource {

    /** A change of a list. */
    @FunctionalInterface
    private interface Change {
        Mono<Void> apply(UUID account, FeedKind kind, String name);
    }

    private final NameList<Follow> follows;
    private final NameList<Mute> mutes;

    FollowResource(NameList<Follow> follows, NameList<Mute> mutes) {
        this.follows = follows;
        this.mutes = mutes;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of(
                "following", environment -> names(environment, follows),
                "muted", environment -> names(environment, mutes));
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "follow", environment -> change(environment, follows, follows::add),
                "unfollow", environment -> change(environment, follows, follows::remove),
                "mute", environment -> change(environment, mutes, mutes::add),
                "unmute", environment -> change(environment, mutes, mutes::remove));
    }

    private static Mono<List<Map<String, Object>>> change(
            DataFetchingEnvironment environment, NameList<?> list, Change change) {
        return change.apply(
                        Call.of(environment).requireCaller().id(),
                        FeedKind.valueOf(Arguments.text(environment, "kind")),
                        Arguments.text(environment, "name"))
                .then(Mono.defer(() -> names(environment, list)));
    }

    private static Mono<List<Map<String, Object>>> names(DataFetchingEnvironment environment, NameList<?> list) {
        return list.of(Call.of(environment).requireCaller().id())
                .map(FollowResource::fields)
                .collectList();
    }

    private static Map<String, Object> fields(ListedName name) {
        return Map.of("kind", FeedKind.require(name.kind()).name(), "name", name.name(), "since", name.since());
    }
}
