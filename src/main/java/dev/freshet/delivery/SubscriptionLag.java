package dev.freshet.delivery;

import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The place of a subscription in the log.
 *
 * @param events events of the log after its cursor, whether or not they are in its feed
 * @param seconds age of the first of them; 0 for none
 * @param rejected count of its rejected events
 */
@Table("subscription")
record SubscriptionLag(UUID id, long events, double seconds, long rejected) {}
