package dev.freshet.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
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
 * @param heartbeat how long a stream stays silent at most, and a fifth more
 * @param retry the least time that a browser is asked to wait before it reconnects; each is told up to three times of it
 * @param catchUpEvents how many events a catch-up reads at once; an eighth of it where streams carry content
 * @param catchUpSize how many bytes of such pages subscribers share at most
 * @param lagLimit how many events a subscriber may fall back behind where it began, before it is closed
 * @param maxLifetime how long a stream lasts at most, give or take a tenth
 * @param expiryNotice how long before its credential ends a stream is told so
 * @param maxStreams how many streams the instance holds at most
 * @param maxPerAddress how many of them one address may hold
 * @param maxPerPrincipal how many of them one account may hold
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
        @DefaultValue("32MB") DataSize catchUpSize,
        @DefaultValue("100000") @Min(1) long lagLimit,
        @DefaultValue("12h") @DurationMin(millis = 100) Duration maxLifetime,
        @DefaultValue("30s") @DurationMin(millis = 100) Duration expiryNotice,
        @DefaultValue("100000") @Min(0) int maxStreams,
        @DefaultValue("10000") @Min(0) int maxPerAddress,
        @DefaultValue("1000") @Min(0) int maxPerPrincipal,
        @DefaultValue("5s") Duration drain) {

    /** How often to look whether something is due, in milliseconds. */
    long tickMillis() {
        return Math.min(1000, heartbeat.toMillis() / 10);
    }

    /** After how much silence, seen at ticks, the next heartbeat is due, in nanoseconds. */
    long heartbeatNanos() {
        // A silence is noticed a tick late, and so is its length.
        return jittered(heartbeat.toNanos() * 3 / 5, heartbeat.toNanos());
    }

    /** How long the next stream lasts at most, in nanoseconds. */
    long lifetimeNanos() {
        return jittered(maxLifetime.toNanos() / 10 * 9, maxLifetime.toNanos() / 10 * 11);
    }

    /** What the next client is told to wait before it reconnects. */
    long retryMillis() {
        return jittered(retry.toMillis(), retry.toMillis() * 3);
    }

    private static long jittered(long from, long to) {
        return ThreadLocalRandom.current().nextLong(from, to + 1);
    }
}
