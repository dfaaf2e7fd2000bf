package dev.freshet.content.source;

import dev.freshet.content.format.FeedHints;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Computes the times between polls. */
final class PollSchedule {

    private static final double JITTER = 0.1;
    private static final double SHORTER = 0.5;
    private static final double LONGER = 1.25;
    private static final int MAX_DOUBLINGS = 30;
    // All hours of a week.
    private static final int MAX_SKIPS = 7 * 24;

    private final SourceSettings.Interval settings;
    private final DoubleSupplier random;

    /** @param random returns numbers from 0 to below 1 */
    PollSchedule(SourceSettings.Interval settings, DoubleSupplier random) {
        this.settings = settings;
        this.random = random;
    }

    /** Returns the next adaptive time between polls: half after news, a quarter more without. */
    Duration period(Duration present, boolean hasNews) {
        return bounded(times(present, hasNews ? SHORTER : LONGER));
    }

    /**
     * Returns the time until the next poll after a success.
     *
     * @param interval the time that the owner chose, or the adaptive one
     * @param maxAge the minimum that the server wishes; null for none
     */
    Duration afterSuccess(Duration interval, @Nullable Duration maxAge, FeedHints hints, Instant now) {
        var wanted = times(longer(interval, settings.min()), 1 - JITTER + 2 * JITTER * random.getAsDouble());
        var delay = longer(longer(wanted, postponed(maxAge)), postponed(hints.interval()));
        return Duration.between(now, afterSkipped(now.plus(delay), hints));
    }

    /**
     * Returns the time until the next poll after failures: it doubles with each of them, and half of it is random.
     *
     * @param failures failed polls in a row, at least 1
     * @param retryAfter the minimum that the server named; null for none
     */
    Duration afterFailure(int failures, @Nullable Duration retryAfter) {
        var doubled = (double) settings.min().toMillis() * (1L << Math.min(MAX_DOUBLINGS, failures - 1));
        var bounded = Duration.ofMillis(
                (long) Math.min(doubled, (double) settings.max().toMillis()));
        var delay = times(bounded, (1 + random.getAsDouble()) / 2);
        return longer(delay, postponed(retryAfter));
    }

    /** Moves a time out of the hours and days in which the feed is not to be polled. */
    private Instant afterSkipped(Instant time, FeedHints hints) {
        var moved = time.atZone(ZoneOffset.UTC);
        for (var i = 0; i < MAX_SKIPS && isSkipped(moved, hints); i++) {
            // Any minute of the next hour, so that not all feeds are polled when it begins.
            moved = moved.truncatedTo(ChronoUnit.HOURS).plusHours(1).plusSeconds((long)
                    (Duration.ofHours(1).toSeconds() * random.getAsDouble()));
        }
        return moved.toInstant();
    }

    private static boolean isSkipped(ZonedDateTime time, FeedHints hints) {
        return hints.skippedHours().contains(time.getHour())
                || hints.skippedDays().contains(time.getDayOfWeek());
    }

    /** Returns the time that a server or a feed wishes, bounded and with jitter; null for no wish. */
    private @Nullable Duration postponed(@Nullable Duration wish) {
        return wish == null ? null : times(shorter(wish, settings.max()), 1 + JITTER * random.getAsDouble());
    }

    private Duration bounded(Duration time) {
        return longer(settings.min(), shorter(time, settings.max()));
    }

    private static Duration times(Duration time, double factor) {
        return Duration.ofMillis((long) ((double) time.toMillis() * factor));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, @Nullable Duration other) {
        return other == null || one.compareTo(other) >= 0 ? one : other;
    }
}
