package dev.freshet.load.pages;

import java.time.Duration;

/** When the requests of a run are due. Times are those of {@link System#nanoTime}. */
interface Pace {

    /** Of a request that the run doesn't have. */
    long NEVER = Long.MAX_VALUE;

    /** When the request of a number, from 0 on, is due; {@link #NEVER} if there are no more. */
    long due(long number, long now);

    /** Closed loop: a request is due whenever there is a connection for it. */
    static Pace saturating(long begin, Duration time) {
        var end = begin + time.toNanos();
        return (number, now) -> now < end ? now : NEVER;
    }

    /** Open loop: requests are due evenly, at a rate, whatever the answers take. */
    static Pace atRate(long begin, Duration time, double perSecond) {
        var count = Math.max(1, Math.round(perSecond * time.toNanos() / 1e9));
        return (number, now) -> number < count ? begin + (long) (number * 1e9 / perSecond) : NEVER;
    }
}
