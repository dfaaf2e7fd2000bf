package dev.freshet.log.feedlog;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Retention of the feed log.
 *
 * @param retention age after which events are deleted; a client that returns later gets a reset. Unset keeps all events
 * @param pruning interval between deletions
 */
@ConfigurationProperties("freshet.log")
record FeedLogSettings(
        @Nullable @DurationMin(minutes = 1) Duration retention,
        @DefaultValue("10m") @DurationMin(millis = 100) Duration pruning) {}
