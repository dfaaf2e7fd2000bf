package dev.freshet.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.log.feedlog.Cursor;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A subscription as its owner sees it.
 *
 * @param account its owner; null for a subscription of another system
 * @param target its type and settings
 * @param content whether events contain {@code body} and {@code html}
 * @param batch maximum events of a delivery
 * @param cursor everything up to this position has been delivered
 * @param lag its distance from the end of the log; null in the response to a change
 * @param failingSince null while it is not failing
 * @param nextAttemptAt when a failed attempt is repeated; null without one
 * @param lastError null for none so far
 * @param delivered count of delivered events
 * @param attempts count of attempts
 * @param deliveredAt time of the last success; null for none so far
 * @param expiresAt when it ends unless it is renewed; null for never
 * @param key the key to verify events with, only in the response that creates it or replaces it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionView(
        UUID id,
        @Nullable UUID account,
        String name,
        FeedFilter feed,
        JsonNode target,
        boolean content,
        int batch,
        SubscriptionState state,
        Cursor cursor,
        @Nullable Lag lag,
        @Nullable Instant failingSince,
        @Nullable Instant nextAttemptAt,
        @Nullable LastError lastError,
        long delivered,
        long attempts,
        @Nullable Instant deliveredAt,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable String key) {

    /**
     * A distance from the end of the log.
     *
     * @param events events of the log that have not been examined, whether or not they are in the feed
     * @param seconds age of the first of them
     * @param rejected count of rejected events
     */
    record Lag(long events, double seconds, long rejected) {}

    /** The last failed attempt. */
    record LastError(Instant at, String message) {}
}
