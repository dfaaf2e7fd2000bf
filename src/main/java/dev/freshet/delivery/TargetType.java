package dev.freshet.delivery;

import dev.freshet.identity.account.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A type of targets. Each bean of this type is offered to users by its name. Safe for use by any thread. */
public interface TargetType {

    /** Returns the value of {@code target.type}, for example {@code webhook}. */
    String name();

    /**
     * Checks the settings of a target and completes them by their defaults.
     *
     * @param requested a JSON object without {@code type}
     * @return the settings to store, which are shown to the owner; throws a problem if they are invalid
     */
    JsonNode settings(JsonNode requested);

    /** Returns the role that an account needs to send events to such a target. */
    default Role requiredRole(JsonNode settings) {
        return Role.READER;
    }

    /**
     * Returns the maximum events of one call of {@link #deliver}.
     *
     * @param batch the batch size of the subscription, from 1
     */
    default int maxEvents(int batch) {
        return batch;
    }

    /**
     * Creates the secrets of a target. Former secrets stay valid for a time. May take as long as creating a key.
     *
     * @param former null for a new target
     * @return the secrets to store; null if this type has none
     */
    default @Nullable JsonNode secrets(JsonNode settings, @Nullable JsonNode former, Instant now) {
        return null;
    }

    /** Returns the key with which the owner verifies events, shown once; null if this type has none. */
    default @Nullable String key(@Nullable JsonNode secrets) {
        return null;
    }

    /** Asks the target whether it wants events. Never fails. */
    Mono<Outcome> verify(Target target);

    /**
     * Delivers events. Never fails.
     *
     * @param events at least one, in order; at most {@link #maxEvents}
     */
    Mono<Outcome> deliver(Target target, List<DeliveryEvent> events);
}
