package dev.freshet.delivery;

import org.jspecify.annotations.Nullable;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The subscriptions of one state.
 *
 * @param state as in the table, {@code failing} or {@code expired}
 * @param lag the most events of the log after a cursor
 * @param pause seconds until one that is behind can be claimed, 0 or less for now; null if none is behind
 */
@Table("subscription")
record StateCount(
        String state, long count, long lag, @Nullable Double pause) {

    /** The state of subscriptions whose lease has ended; they are deleted soon. */
    static final String EXPIRED = "expired";
}
