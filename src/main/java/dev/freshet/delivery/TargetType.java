package dev.freshet.delivery;

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

    /**
     * Creates the secrets of a target. Former secrets stay valid for a time. May take as long as creating a key.
     *
     * @param former null for a new target
     * @return the secrets to store; null if this type has none
     */
    @Nullable
    JsonNode secrets(JsonNode settings, @Nullable JsonNode former, Instant now);

    /** Returns the key with which the owner verifies events, shown once; null if this type has none. */
    @Nullable
    String key(@Nullable JsonNode secrets);

    /** Asks the target whether it wants events. Never fails. */
    Mono<Outcome> verify(Target target);

    /**
     * Delivers events. Never fails.
     *
     * @param events at least one, in order; at most the batch size of the subscription
     */
    Mono<Outcome> deliver(Target target, List<DeliveryEvent> events);
}
