package dev.freshet.log.tail;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How an instance follows the live end.
 *
 * @param sweep how often the log itself is looked at, whatever the hints say; bounds the cost of a lost hint
 * @param grace how long to wait for the Redis copy of what another instance committed before reading the log
 * @param copies how many entries Redis keeps, about
 */
@Validated
@ConfigurationProperties("freshet.tail")
record TailSettings(
        @DefaultValue("1s") @DurationMin(millis = 10) Duration sweep,
        @DefaultValue("50ms") Duration grace,
        @DefaultValue("2000") @Min(1) int copies) {}
