package dev.freshet.delivery;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of subscriptions.
 *
 * @param maxPerAccount maximum subscriptions of an account
 * @param atOnce maximum subscriptions that an instance delivers to at the same time
 * @param timeout maximum time of an attempt
 * @param firstRetry time until the second attempt, doubled for each further one
 * @param maxRetry maximum time between attempts
 * @param failingAfter failed attempts after which a subscription is reported as failing
 * @param refusals attempts after which a refused event is put on the list of rejected events
 * @param maxRejected maximum rejected events of a subscription, beyond which it waits
 */
@ConfigurationProperties("freshet.subscriptions")
public record SubscriptionSettings(
        @Min(0) @Max(10_000) @DefaultValue("20") int maxPerAccount,
        @Min(2) @Max(1000) @DefaultValue("32") int atOnce,

        @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s")
        Duration timeout,

        @NotNull @DurationMin(millis = 10) @DurationMax(hours = 1) @DefaultValue("1s")
        Duration firstRetry,

        @NotNull @DurationMin(millis = 10) @DurationMax(days = 1) @DefaultValue("1h")
        Duration maxRetry,

        @Min(1) @Max(100) @DefaultValue("5") int failingAfter,
        @Min(1) @Max(100) @DefaultValue("5") int refusals,
        @Min(0) @Max(100_000) @DefaultValue("1000") int maxRejected) {}
