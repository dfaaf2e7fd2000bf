package dev.freshet.log.tail;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the tail.
 *
 * @param sweep interval between checks of the log itself; bounds the cost of a lost hint
 * @param grace time to wait for the Redis copy of another instance's commit before reading the log
 * @param copies approximate number of entries that Redis keeps
 */
@ConfigurationProperties("freshet.tail")
record TailSettings(
        @DefaultValue("1s") @DurationMin(millis = 10) Duration sweep,
        @DefaultValue("50ms") Duration grace,
        @DefaultValue("2000") @Min(1) int copies) {}
