package dev.freshet.graphql;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedRequest;
import dev.freshet.feed.FeedSettings;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** Filters of feeds: reads the argument {@code filter} by the rules of the feeds' own parameters. */
@Component
final class Filters {

    /** The parameters of feeds by the fields of a filter. */
    static final Map<String, String> PARAMETERS =
            Map.of("tags", "tag", "authors", "author", "sources", "source", "languages", "language");

    private final FeedSettings settings;

    Filters(FeedSettings settings) {
        this.settings = settings;
    }

    /** Returns the feed of a field, or throws the problem that the caller may not read it or the filter is invalid. */
    Feed feed(DataFetchingEnvironment environment) {
        Map<String, ?> filter = Arguments.optional(environment, "filter", Map.of());
        var call = Call.of(environment);
        var parameters = new LinkedMultiValueMap<String, String>();
        add(parameters, "", filter);
        if (filter.get("not") instanceof Map<?, ?> excluded) {
            add(parameters, "not.", excluded);
        }
        if (filter.get("q") instanceof String q) {
            parameters.add("q", q);
        }
        var feed = FeedParameters.of(parameters, HttpHeaders.EMPTY).feed(settings);
        if (!Boolean.TRUE.equals(filter.get("following"))) {
            return feed;
        }
        call.setPersonal();
        return feed.followedBy(FeedRequest.follower(call.caller()));
    }

    private static void add(MultiValueMap<String, String> parameters, String prefix, Map<?, ?> filter) {
        PARAMETERS.forEach((field, parameter) -> {
            if (filter.get(field) instanceof List<?> names) {
                names.forEach(name -> parameters.add(prefix + parameter, String.valueOf(name)));
            }
        });
    }

    /**
     * Returns the fields of the filter that selects a feed.
     *
     * @param excluded the fields of the names and languages that no article has; null for none
     */
    static Map<String, @Nullable Object> fields(
            Map<String, @Nullable Object> names,
            @Nullable Map<String, @Nullable Object> excluded,
            @Nullable String q,
            boolean following) {
        var fields = new HashMap<String, @Nullable Object>(names);
        fields.put("not", excluded);
        fields.put("q", q);
        fields.put("following", following);
        return fields;
    }

    /** Returns the fields of names and languages. An empty list is no condition. */
    static Map<String, @Nullable Object> names(
            @Nullable List<?> tags, @Nullable List<?> authors, @Nullable List<?> sources, @Nullable List<?> languages) {
        var fields = new HashMap<String, @Nullable Object>();
        fields.put("tags", Objects.requireNonNullElse(tags, List.of()));
        fields.put("authors", Objects.requireNonNullElse(authors, List.of()));
        fields.put("sources", Objects.requireNonNullElse(sources, List.of()));
        fields.put("languages", Objects.requireNonNullElse(languages, List.of()));
        return fields;
    }
}
