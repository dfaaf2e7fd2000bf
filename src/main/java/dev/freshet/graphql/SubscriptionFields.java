package dev.freshet.graphql;

import dev.freshet.feed.Feed;
import dev.freshet.stream.StartPosition;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * The field of the type {@code Subscription}. A subscription is executed once to check it and to read its arguments, and
 * then once for each event, which {@link EventSelection} encodes.
 */
@Component
final class SubscriptionFields {

    /**
     * The stream that a document opens.
     *
     * @param content whether it selects {@code body} or {@code html}
     */
    record Opening(Feed feed, StartPosition start, boolean follow, boolean announce, boolean content) {}

    private final Filters filters;
    private final Clock clock;

    SubscriptionFields(Filters filters) {
        this.filters = filters;
        this.clock = Clock.systemUTC();
    }

    Map<String, DataFetcher<?>> fields() {
        return Map.of("events", this::events);
    }

    private Flux<Map<String, @Nullable Object>> events(DataFetchingEnvironment environment) {
        var call = Call.of(environment);
        var event = call.event();
        if (event != null) {
            return Flux.just(event);
        }
        call.open(new Opening(
                filters.feed(environment),
                StartPosition.parse(
                        call.lastEventId(), "", "", Arguments.optional(environment, "since", ""), clock.instant()),
                Arguments.optional(environment, "follow", true),
                Arguments.optional(environment, "announce", false),
                call.document().selectsAnyOf("body", "html")));
        return Flux.empty();
    }
}
