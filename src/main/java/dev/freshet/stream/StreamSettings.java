package dev.freshet.stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of streams.
 *
 * @param ringEvents most events in the ring
 * @param ringSize most bytes of articles in the ring; a quarter in addition for words while a search is open
 * @param heartbeat longest silence of a stream, plus a fifth
 * @param retry shortest delay before a client reconnects; varies up to three times of it
 * @param catchUpEvents events that a catch-up reads at once; an eighth of it for streams with content
 * @param catchUpSize most bytes of such pages that subscribers share
 * @param lagLimit most events that a subscriber may fall behind its start before it is closed
 * @param maxLifetime longest lifetime of a stream, plus or minus a tenth
 * @param expiryNotice time between the notice of expiry and the end of the credential
 * @param maxStreams most streams of the instance; null for nine tenths of the connections that the limit of open files
 *     allows, at most 100,000
 * @param maxPerAddress most streams of one address; null for a tenth of the former
 * @param maxPerPrincipal most streams of one account
 * @param drain time over which streams are closed at shutdown, if there are many
 */
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
        @Min(0) @Nullable Integer maxStreams,
        @Min(0) @Nullable Integer maxPerAddress,
        @DefaultValue("1000") @Min(0) int maxPerPrincipal,
        @DefaultValue("5s") Duration drain) {

    /** Returns the interval of ticks in milliseconds. */
    long tickMillis() {
        return Math.min(1000, heartbeat.toMillis() / 10);
    }

    /** Returns the silence, seen at ticks, before the next heartbeat, in nanoseconds. */
    long heartbeatNanos() {
        // A silence is noticed a tick late, and so is its length.
        return jittered(heartbeat.toNanos() * 3 / 5, heartbeat.toNanos());
    }

    /** Returns the longest lifetime of the next stream in nanoseconds. */
    long lifetimeNanos() {
        return jittered(maxLifetime.toNanos() / 10 * 9, maxLifetime.toNanos() / 10 * 11);
    }

    /** Returns the delay before the next client reconnects, in milliseconds. */
    long retryMillis() {
        return jittered(retry.toMillis(), retry.toMillis() * 3);
    }

    private static long jittered(long from, long to) {
        return ThreadLocalRandom.current().nextLong(from, to + 1);
    }
}
