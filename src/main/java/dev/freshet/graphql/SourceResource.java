package dev.freshet.graphql;

import dev.freshet.content.source.SourceRequests;
import dev.freshet.content.source.SourceRequests.SourcePage;
import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Feeds elsewhere that are polled. */
@Component
final class SourceResource implements GraphQlResource {

    private final SourceRequests sources;
    private final JsonConversion json;

    SourceResource(SourceRequests sources, JsonConversion json) {
        this.sources = sources;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of(
                "sources", this::sources,
                "source",
                        environment -> sources.read(caller(environment), id(environment))
                                .map(json::fields),
                "sourcePolls",
                        environment -> sources.polls(caller(environment), id(environment))
                                .map(polls -> polls.stream().map(json::fields).toList()));
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "createSource",
                        environment -> sources.create(caller(environment), json.input(environment, "input"))
                                .map(json::fields),
                "changeSource",
                        environment -> sources.change(
                                        caller(environment), id(environment), json.input(environment, "changes"))
                                .map(json::fields),
                "deleteSource",
                        environment -> {
                            var id = id(environment);
                            return sources.remove(caller(environment), id).thenReturn(id);
                        });
    }

    private Mono<Map<String, @Nullable Object>> sources(DataFetchingEnvironment environment) {
        var after = Arguments.after(environment);
        return sources.list(caller(environment), after, ListSize.first(environment))
                .map(page -> connection(page, after != null));
    }

    private Map<String, @Nullable Object> connection(SourcePage page, boolean hasPrevious) {
        return Connections.of(
                page.items().stream().map(json::fields).toList(),
                page.items().stream().map(source -> source.id().toString()).toList(),
                hasPrevious,
                page.next() != null);
    }

    private static Caller caller(DataFetchingEnvironment environment) {
        return Call.of(environment).requireCaller();
    }

    private static UUID id(DataFetchingEnvironment environment) {
        return Arguments.id(environment, Problem.SOURCE_NOT_FOUND);
    }
}
