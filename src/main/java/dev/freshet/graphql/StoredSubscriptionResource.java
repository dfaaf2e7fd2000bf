package dev.freshet.graphql;

import dev.freshet.delivery.DirectDeliveryRequests;
import dev.freshet.delivery.DirectDeliveryRequests.RejectedPage;
import dev.freshet.delivery.DirectDeliveryRequests.RejectedView;
import dev.freshet.delivery.SubscriptionRequests;
import dev.freshet.delivery.SubscriptionRequests.SubscriptionPage;
import dev.freshet.delivery.SubscriptionView;
import dev.freshet.identity.account.Caller;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Stored deliveries to other systems. */
@Component
final class StoredSubscriptionResource implements GraphQlResource {

    private final SubscriptionRequests subscriptions;
    private final DirectDeliveryRequests deliveries;
    private final JsonConversion json;

    StoredSubscriptionResource(
            SubscriptionRequests subscriptions, DirectDeliveryRequests deliveries, JsonConversion json) {
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of(
                "subscriptions", this::subscriptions,
                "subscription",
                        environment -> subscriptions
                                .read(caller(environment), id(environment))
                                .map(this::fields),
                "rejectedEvents", this::rejected);
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "createSubscription",
                        environment -> subscriptions
                                .create(caller(environment), request(environment, "input"))
                                .map(this::fields),
                "changeSubscription",
                        environment -> subscriptions
                                .change(caller(environment), id(environment), request(environment, "changes"))
                                .map(this::fields),
                "replaceSubscriptionKey",
                        environment -> subscriptions
                                .replaceKey(caller(environment), id(environment))
                                .map(this::fields),
                "deleteSubscription",
                        environment -> {
                            var id = id(environment);
                            return subscriptions.remove(caller(environment), id).thenReturn(id);
                        },
                "testSubscription",
                        environment -> deliveries
                                .test(caller(environment), id(environment))
                                .map(json::fields),
                "resendRejectedEvent",
                        environment -> deliveries
                                .resend(caller(environment), id(environment), Arguments.text(environment, "cursor"))
                                .map(json::fields),
                "discardRejectedEvent",
                        environment -> {
                            var cursor = Arguments.text(environment, "cursor");
                            return deliveries
                                    .discard(caller(environment), id(environment), cursor)
                                    .thenReturn(cursor);
                        });
    }

    private Mono<Map<String, @Nullable Object>> subscriptions(DataFetchingEnvironment environment) {
        var after = Arguments.after(environment);
        return subscriptions
                .list(caller(environment), after, ListSize.first(environment))
                .map(page -> connection(page, after != null));
    }

    private Map<String, @Nullable Object> connection(SubscriptionPage page, boolean hasPrevious) {
        return Connections.of(
                page.items().stream().map(this::fields).toList(),
                page.items().stream()
                        .map(subscription -> subscription.id().toString())
                        .toList(),
                hasPrevious,
                page.next() != null);
    }

    private Mono<Map<String, @Nullable Object>> rejected(DataFetchingEnvironment environment) {
        var after = Arguments.optional(environment, "after", "");
        return deliveries
                .rejected(caller(environment), id(environment), after, ListSize.first(environment))
                .map(page -> connection(page, !after.isEmpty()));
    }

    private Map<String, @Nullable Object> connection(RejectedPage page, boolean hasPrevious) {
        return Connections.of(
                page.items().stream().map(this::fields).toList(),
                page.items().stream().map(event -> event.cursor().toString()).toList(),
                hasPrevious,
                page.next() != null);
    }

    /** Returns the request of the JSON API: its feed has the names of parameters. */
    private JsonNode request(DataFetchingEnvironment environment, String argument) {
        var request = new HashMap<>(Arguments.object(environment, argument));
        if (request.get("feed") instanceof Map<?, ?> filter) {
            request.put("feed", named(filter));
        }
        return json.input(request);
    }

    private static Map<String, @Nullable Object> named(Map<?, ?> filter) {
        var named = new HashMap<String, @Nullable Object>();
        filter.forEach((name, value) -> named.put(
                Filters.PARAMETERS.getOrDefault(String.valueOf(name), String.valueOf(name)),
                value instanceof Map<?, ?> excluded ? named(excluded) : value));
        return named;
    }

    private Map<String, @Nullable Object> fields(SubscriptionView subscription) {
        var fields = json.fields(subscription);
        var feed = subscription.feed();
        var excluded = feed.not();
        fields.put(
                "feed",
                Filters.fields(
                        Filters.names(feed.tag(), feed.author(), feed.source(), feed.language()),
                        excluded == null
                                ? null
                                : Filters.names(
                                        excluded.tag(), excluded.author(), excluded.source(), excluded.language()),
                        feed.q(),
                        Boolean.TRUE.equals(feed.following())));
        return fields;
    }

    private Map<String, @Nullable Object> fields(RejectedView event) {
        var fields = json.fields(event);
        fields.put("type", EventType.parse(event.type()).name());
        return fields;
    }

    private static Caller caller(DataFetchingEnvironment environment) {
        return Call.of(environment).requireCaller();
    }

    private static UUID id(DataFetchingEnvironment environment) {
        return Arguments.id(environment, Problem.SUBSCRIPTION_NOT_FOUND);
    }
}
