package dev.freshet.load.reader;

import java.time.Duration;
import java.util.List;

/** The due times of a run's requests, as of {@link System#nanoTime}. */
public interface Pace {

    /** The due time of a request that the run does not have. */
    long NEVER = Long.MAX_VALUE;

    /** Returns the due time of a request by its number, from 0; {@link #NEVER} after the last. */
    long due(long number, long now);

    /** Closed loop: a request is due whenever a connection is idle. */
    static Pace saturating(long begin, Duration time) {
        var end = begin + time.toNanos();
        return (number, now) -> now < end ? now : NEVER;
    }

    /**
     * A time in which the rate changes evenly.
     *
     * @param from requests per second at its begin
     * @param to requests per second at its end
     */
    record Stretch(double from, double to, Duration time) {

        public static Stretch at(double rate, Duration time) {
            return new Stretch(rate, rate, time);
        }

        double seconds() {
            return time.toNanos() / 1e9;
        }

        double count() {
            return (from + to) / 2 * seconds();
        }

        /** Returns the seconds after which a number of requests were due. */
        double secondsUntil(double number) {
            var slope = (to - from) / seconds();
            return slope == 0 ? number / from : (Math.sqrt(from * from + 2 * slope * number) - from) / slope;
        }
    }

    /** Open loop: requests are due at rates that change over time. */
    static Pace along(long begin, List<Stretch> stretches) {
        return (number, now) -> {
            var before = 0.0;
            var at = 0.0;
            for (var stretch : stretches) {
                if (number < before + stretch.count()) {
                    return begin + (long) (1e9 * (at + stretch.secondsUntil(number - before)));
                }
                before += stretch.count();
                at += stretch.seconds();
            }
            return NEVER;
        };
    }

    /** Open loop: requests are due evenly, at a fixed rate. */
    static Pace atRate(long begin, Duration time, double perSecond) {
        var count = Math.max(1, Math.round(perSecond * time.toNanos() / 1e9));
        return (number, now) -> number < count ? begin + (long) (number * 1e9 / perSecond) : NEVER;
    }
}
