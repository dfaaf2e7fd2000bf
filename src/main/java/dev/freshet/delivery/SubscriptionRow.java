package dev.freshet.delivery;

import dev.freshet.log.feedlog.Cursor;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A subscription as it is stored.
 *
 * @param account its owner; null for a subscription of another system
 * @param feed a {@link FeedFilter} as JSON
 * @param type the name of a {@link TargetType}
 * @param target its settings as JSON
 * @param secrets its secrets as JSON; null for none
 * @param state the wire name of a {@link SubscriptionState}, never of {@code failing}
 * @param fence the number of the last claim or change
 * @param failures failed attempts since the last success
 * @param refusals attempts since the last success in which the target refused the event
 * @param expiresAt null for a subscription of an account
 * @param failingSince null while it is not failing
 */
@Table("subscription")
record SubscriptionRow(
        @Id UUID id,
        @Nullable UUID account,
        String name,
        String feed,
        String type,
        String target,
        @Nullable String secrets,
        boolean content,
        int batch,
        String state,
        boolean verified,
        long epoch,
        long seq,
        long fence,
        Instant dueAt,
        int failures,
        int refusals,
        @Nullable Instant failingSince,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt,
        long delivered,
        long attempts,
        @Nullable Instant deliveredAt,
        Instant createdAt,
        @Nullable Instant expiresAt) {

    Cursor cursor() {
        return new Cursor(epoch, seq);
    }

    /** Returns the state that users see. */
    SubscriptionState shownState() {
        return state.equals(SubscriptionState.ACTIVE.wireName()) && failingSince != null
                ? SubscriptionState.FAILING
                : SubscriptionState.valueOf(state.toUpperCase(Locale.ROOT));
    }
}
