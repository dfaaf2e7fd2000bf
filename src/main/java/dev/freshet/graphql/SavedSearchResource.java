package dev.freshet.graphql;

import dev.freshet.feed.SavedSearch;
import dev.freshet.feed.SavedSearches;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The saved searches of the caller. */
@Component
final class SavedSearchResource implements GraphQlResource {

    private final SavedSearches searches;

    SavedSearchResource(SavedSearches searches) {
        this.searches = searches;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of("savedSearches", this::list);
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "saveSearch",
                        environment -> searches.save(
                                        account(environment), name(environment), Arguments.text(environment, "q"))
                                .then(Mono.defer(() -> list(environment))),
                "deleteSearch",
                        environment -> searches.remove(account(environment), name(environment))
                                .then(Mono.defer(() -> list(environment))),
                "renewSearchAddress",
                        environment -> searches.renewAddress(account(environment), name(environment))
                                .map(address -> Map.of(
                                        "atom", address.atom(),
                                        "rss", address.rss(),
                                        "jsonFeed", address.jsonFeed())),
                "deleteSearchAddress",
                        environment -> searches.removeAddress(account(environment), name(environment))
                                .thenReturn(name(environment)));
    }

    private Mono<List<Map<String, Object>>> list(DataFetchingEnvironment environment) {
        return searches.of(account(environment))
                .map(SavedSearchResource::fields)
                .collectList();
    }

    private static Map<String, Object> fields(SavedSearch search) {
        return Map.of(
                "name", search.name(),
                "q", search.q(),
                "since", search.since(),
                "hasAddress", search.hasAddress());
    }

    private static UUID account(DataFetchingEnvironment environment) {
        return Call.of(environment).requireCaller().id();
    }

    private static String name(DataFetchingEnvironment environment) {
        return Arguments.text(environment, "name");
    }
}
