package dev.freshet.read.page;

import java.time.Instant;

/**
 * A period in which articles were published. A page whose period does not contain an article stays the same when the article
 * is published.
 *
 * @param from the first moment
 * @param to the last moment
 */
public record PublicationPeriod(Instant from, Instant to) {

    /** All times. */
    public static final PublicationPeriod ALL = new PublicationPeriod(Instant.MIN, Instant.MAX);

    boolean contains(Instant time) {
        return !time.isBefore(from) && !time.isAfter(to);
    }
}
