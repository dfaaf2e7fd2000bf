package dev.freshet.delivery;

import dev.freshet.feed.Feed;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A subscription of another system, without an account, which its target has confirmed.
 *
 * @param id the same for each request of the same target and feed
 * @param type the name of its {@link TargetType}
 * @param feed a public feed
 * @param secrets null for none
 * @param lease the time after which it ends, unless it is renewed
 */
public record ExternalSubscription(
        UUID id,
        String type,
        Feed feed,
        JsonNode target,
        @Nullable JsonNode secrets,
        Duration lease) {}
