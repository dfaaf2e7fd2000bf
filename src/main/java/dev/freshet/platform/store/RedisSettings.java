package dev.freshet.platform.store;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connection to Redis, which is an optional accelerator.
 *
 * @param url the address, see {@link RedisUrl}; empty for no Redis
 * @param timeout maximum time of a command, from 10 ms to 1 min; blocking reads of a stream may take a minute
 */
@ConfigurationProperties("freshet.redis")
record RedisSettings(
        @NotNull @DefaultValue("") String url,

        @DurationMin(millis = 10) @DurationMax(minutes = 1) @DefaultValue("1s")
        Duration timeout) {}
