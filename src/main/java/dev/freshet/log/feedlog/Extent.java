package dev.freshet.log.feedlog;

/**
 * The extent of the feed log at one moment.
 *
 * @param epoch its history
 * @param first the lowest seq in the log, or {@code last + 1} if the log is empty
 * @param last the highest committed seq, 0 for a new log
 */
public record Extent(long epoch, long first, long last) {

    /** Returns the position at the end of the log. */
    public Cursor end() {
        return new Cursor(epoch, last);
    }

    /** Returns the position before the first event. */
    public Cursor beginning() {
        return new Cursor(epoch, first - 1);
    }
}
