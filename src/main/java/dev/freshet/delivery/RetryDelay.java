package dev.freshet.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The times between attempts: they double up to a bound, and half of each is random. */
record RetryDelay(Duration first, Duration max) {

    private static final int MAX_DOUBLINGS = 30;
    // A target cannot stop its subscription for longer.
    private static final Duration MAX_REQUESTED = Duration.ofDays(1);

    /**
     * Returns the time until the next attempt.
     *
     * @param failures failed attempts in a row, at least 1
     * @param requested the minimum that the target named; null for none
     */
    Duration after(int failures, @Nullable Duration requested) {
        var doubled = (double) first.toMillis() * (1L << Math.min(MAX_DOUBLINGS, failures - 1));
        var bounded = (long) Math.min(doubled, (double) max.toMillis());
        var delay = Duration.ofMillis(
                bounded / 2 + ThreadLocalRandom.current().nextLong(Math.max(1, bounded - bounded / 2 + 1)));
        if (requested == null || requested.compareTo(delay) <= 0) {
            return delay;
        }
        return requested.compareTo(MAX_REQUESTED) < 0 ? requested : MAX_REQUESTED;
    }
}
