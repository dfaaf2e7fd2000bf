package dev.freshet.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How streams behave.
 *
 * @param ringEvents how many events the ring holds at most
 * @param ringSize how many bytes of articles the ring holds at most
 * @param heartbeat how long a stream stays silent at most, give or take a fifth
 * @param retry the least time that a browser is asked to wait before it reconnects; each is told up to three times of it
 * @param catchUpEvents how many events a catch-up reads at once; an eighth of it where streams carry content
 * @param lagLimit how many events a subscriber may fall back behind where it began, before it is closed
 * @param drain over how long subscribers are released at shutdown, where there are many
 */
@Validated
@ConfigurationProperties("freshet.stream")
record StreamSettings(
        @DefaultValue("4096") @Min(16) @Max(1 << 20) int ringEvents,
        @DefaultValue("64MB") DataSize ringSize,
        @DefaultValue("15s") @DurationMin(millis = 100) Duration heartbeat,
        @DefaultValue("2s") @DurationMin(millis = 10) Duration retry,
        @DefaultValue("128") @Min(8) @Max(4096) int catchUpEvents,
        @DefaultValue("100000") @Min(1) long lagLimit,
        @DefaultValue("5s") Duration drain) {}
