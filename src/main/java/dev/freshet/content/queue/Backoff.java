package dev.freshet.content.queue;

import java.time.Duration;

/** The time between attempts, which doubles up to a bound. */
record Backoff(Duration first, Duration max) {

    private static final int MAX_DOUBLINGS = 20;

    /** @param attempts failed attempts in a row, from 1 */
    Duration after(int attempts) {
        var doubled = first.multipliedBy(1L << Math.min(MAX_DOUBLINGS, attempts - 1));
        return doubled.compareTo(max) < 0 ? doubled : max;
    }
}
