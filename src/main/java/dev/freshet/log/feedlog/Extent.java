package dev.freshet.log.feedlog;

/**
 * How far the feed log reaches at one moment.
 *
 * @param epoch the history it belongs to
 * @param first the lowest seq that is kept, or {@code last + 1} where nothing is
 * @param last the highest seq committed, 0 for an empty log
 */
public record Extent(long epoch, long first, long last) {

    /** The position at the end of the log. */
    public Cursor end() {
        return new Cursor(epoch, last);
    }

    /** The position before everything that is kept. */
    public Cursor beginning() {
        return new Cursor(epoch, first - 1);
    }
}
