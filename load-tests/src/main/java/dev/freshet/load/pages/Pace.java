package dev.freshet.load.pages;

import java.time.Duration;

/** The due times of a run's requests, as of {@link System#nanoTime}. */
interface Pace {

    /** The due time of a request that the run does not have. */
    long NEVER = Long.MAX_VALUE;

    /** Returns the due time of a request by its number, from 0; {@link #NEVER} after the last. */
    long due(long number, long now);

    /** Closed loop: a request is due whenever a connection is idle. */
    static Pace saturating(long begin, Duration time) {
        var end = begin + time.toNanos();
        return (number, now) -> now < end ? now : NEVER;
    }

    /** Open loop: requests are due evenly, at a fixed rate. */
    static Pace atRate(long begin, Duration time, double perSecond) {
        var count = Math.max(1, Math.round(perSecond * time.toNanos() / 1e9));
        return (number, now) -> number < count ? begin + (long) (number * 1e9 / perSecond) : NEVER;
    }
}
