package dev.freshet.log.feedlog;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long the feed log keeps events.
 *
 * @param retention events older than this are forgotten, and a client that had not come back since is told so by a
 *     reset; not set means that all are kept
 * @param pruning how often the old ones are looked for
 */
@Validated
@ConfigurationProperties("freshet.log")
record FeedLogSettings(
        @Nullable @DurationMin(minutes = 1) Duration retention,
        @DefaultValue("10m") @DurationMin(millis = 100) Duration pruning) {}
