package dev.freshet.delivery.websub;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the hub.
 *
 * @param maxSubscriptions maximum subscriptions of all callbacks
 * @param timeout maximum time of a request to a callback
 */
@ConfigurationProperties("freshet.websub")
record WebSubSettings(
        @Min(0) @Max(1_000_000) @DefaultValue("1000") int maxSubscriptions,

        @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 1) @DefaultValue("10s")
        Duration timeout) {}
