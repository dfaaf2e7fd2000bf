package dev.freshet.delivery;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The target of one subscription.
 *
 * @param settings as {@link TargetType#settings} returned them
 * @param secrets as {@link TargetType#secrets} returned them
 * @param batched whether the owner asked for batches, also if there is one event
 * @param claim null for events outside of the order, which an owner requested
 */
public record Target(
        UUID subscription,
        JsonNode settings,
        @Nullable JsonNode secrets,
        boolean batched,
        @Nullable Claim claim) {}
