package dev.freshet.read.page;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The way to find the newest matches of a search.
 *
 * @param periods the periods of the articles to read; empty for no condition
 * @param since the start of the first period; the earliest time for no condition
 */
record SearchPlan(Way way, List<Long> periods, Instant since) {

    enum Way {
        /** Reads articles from the newest on. */
        BY_TIME,
        /** Reads all matches, from the index of words. */
        BY_WORD,
        /** Reads the matches of some periods, from the index of words and periods. */
        BY_PERIOD
    }

    static final SearchPlan BY_TIME = new SearchPlan(Way.BY_TIME, List.of(), Instant.MIN);
    static final SearchPlan BY_WORD = new SearchPlan(Way.BY_WORD, List.of(), Instant.MIN);

    // As article_periods in SQL.
    private static final int MAX_EXPONENT = 17;
    private static final int EXPONENT_SHIFT = 40;

    SearchPlan {
        periods = List.copyOf(periods);
    }

    /** Returns the plan for all matches since a time, and some before it. */
    static SearchPlan since(Instant time, Instant now) {
        var hours = Math.max(1, Duration.between(time, now).toHours() + 1);
        var exponent = Long.SIZE - Long.numberOfLeadingZeros(hours - 1);
        if (exponent > MAX_EXPONENT) {
            return BY_WORD;
        }
        var current = Math.floorDiv(now.getEpochSecond(), Duration.ofHours(1).toSeconds()) >> exponent;
        var base = (long) exponent << EXPONENT_SHIFT;
        // The next one, since the clock of another instance may be ahead.
        return new SearchPlan(
                Way.BY_PERIOD,
                List.of(base + current - 1, base + current, base + current + 1),
                Instant.EPOCH.plus(Duration.ofHours((current - 1) << exponent)));
    }
}
