package dev.freshet.delivery;

import dev.freshet.content.article.StrictJson;
import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests for the caller's subscriptions, for admins those of all accounts, as every API makes them. The caller must have the
 * scope {@code account}. Results fail with the problem to report to the client.
 *
 * <p>The content of a request is the JSON of a {@link SubscriptionRequest}.
 */
@Component
public final class SubscriptionRequests {

    private static final int MAX_PAGE_SIZE = 100;
    // Sorts after every other id.
    private static final UUID LAST = new UUID(-1, -1);

    private final Subscriptions subscriptions;
    private final LagRepository lags;
    private final SubscriptionParser parser;
    private final StrictJson json;

    SubscriptionRequests(Subscriptions subscriptions, LagRepository lags, SubscriptionParser parser, StrictJson json) {
        this.subscriptions = subscriptions;
        this.lags = lags;
        this.parser = parser;
        this.json = json;
    }

    /**
     * A page of subscriptions.
     *
     * @param next the {@code before} of the next page; null on the last page
     */
    public record SubscriptionPage(
            List<SubscriptionView> items, @Nullable UUID next) {}

    /** Creates a subscription. Only this result and that of {@link #replaceKey} have a key. */
    public Mono<SubscriptionView> create(Caller caller, JsonNode content) {
        return Mono.defer(() -> subscriptions.create(caller, request(content)))
                .map(stored -> view(stored.row(), null, stored.key()));
    }

    /**
     * Lists subscriptions, newest first.
     *
     * @param before the {@code next} of the previous page; null for the first page
     */
    public Mono<SubscriptionPage> list(Caller caller, @Nullable UUID before, int limit) {
        return Mono.defer(() -> {
            checkLimit(limit);
            return subscriptions
                    .list(caller, before == null ? LAST : before, limit + 1)
                    .collectList()
                    .flatMap(found -> {
                        var rows = found.subList(0, Math.min(limit, found.size()));
                        var next = found.size() > limit ? rows.getLast().id() : null;
                        return lags.find(rows.stream().map(SubscriptionRow::id).toArray(UUID[]::new))
                                .collect(Collectors.toMap(SubscriptionLag::id, Function.identity()))
                                .map(byId -> new SubscriptionPage(
                                        rows.stream()
                                                .map(row -> view(row, byId.get(row.id()), null))
                                                .toList(),
                                        next));
                    });
        });
    }

    /** Reads a subscription with its lag. */
    public Mono<SubscriptionView> read(Caller caller, UUID id) {
        return subscriptions
                .find(caller, id)
                .flatMap(row -> lags.find(new UUID[] {id})
                        .next()
                        .map(lag -> view(row, lag, null))
                        .defaultIfEmpty(view(row, null, null)));
    }

    /** Changes, pauses, resumes or replays a subscription. */
    public Mono<SubscriptionView> change(Caller caller, UUID id, JsonNode content) {
        return Mono.defer(() -> subscriptions.change(caller, id, request(content)))
                .map(row -> view(row, null, null));
    }

    /** Deletes a subscription with its rejected events. */
    public Mono<Void> remove(Caller caller, UUID id) {
        return subscriptions.remove(caller, id);
    }

    /** Replaces the key with which the owner verifies events. */
    public Mono<SubscriptionView> replaceKey(Caller caller, UUID id) {
        return subscriptions.replaceKey(caller, id).map(stored -> view(stored.row(), null, stored.key()));
    }

    private SubscriptionRequest request(JsonNode body) {
        if (!body.isObject()) {
            throw Problem.INVALID_REQUEST.because("The body must be a JSON object.");
        }
        try {
            return json.read(body, SubscriptionRequest.class);
        } catch (StrictJson.FaultException e) {
            throw Problem.invalid(List.of(e.fault()));
        }
    }

    static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_PAGE_SIZE) {
            throw Problem.INVALID_REQUEST.because("limit must be from 1 to " + MAX_PAGE_SIZE + ".");
        }
    }

    private SubscriptionView view(SubscriptionRow row, @Nullable SubscriptionLag lag, @Nullable String key) {
        var target = ((ObjectNode) parser.target(row).settings()).put("type", row.type());
        var error = row.lastError() == null || row.lastErrorAt() == null
                ? null
                : new SubscriptionView.LastError(row.lastErrorAt(), row.lastError());
        return new SubscriptionView(
                row.id(),
                row.account(),
                row.name(),
                parser.filter(row),
                target,
                row.content(),
                row.batch(),
                row.shownState(),
                row.cursor(),
                lag == null ? null : new SubscriptionView.Lag(lag.events(), lag.seconds(), lag.rejected()),
                row.failingSince(),
                row.failures() > 0 ? row.dueAt() : null,
                error,
                row.delivered(),
                row.attempts(),
                row.deliveredAt(),
                row.createdAt(),
                row.expiresAt(),
                key);
    }
}
