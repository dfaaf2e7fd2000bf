package dev.freshet.platform.store;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How Redis is reached. Redis only makes things fast: the program runs without it.
 *
 * @param url where it is, see {@link RedisUrl}; empty for no Redis
 * @param timeout how long a command may take before it fails, from 10 ms to 1 min; reads that wait for a stream's next
 *     entry may take a minute
 */
@Validated
@ConfigurationProperties("freshet.redis")
record RedisSettings(
        @NotNull @DefaultValue("") String url,

        @DurationMin(millis = 10) @DurationMax(minutes = 1) @DefaultValue("1s")
        Duration timeout) {}
