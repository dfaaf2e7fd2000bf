package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.util.List;
import org.springframework.core.Ordered;

/**
 * Receives the tail of the feed log. All beans of this type are called one after the other, in their
 * {@linkplain #getOrder() order}: a listener sees entries only after every listener before it has taken them.
 *
 * <p>One thread at a time calls them, with a happens-before from each call to the next. A call must be quick and must
 * not block, since all listeners wait for it. If a listener throws, its error is logged and the others go on. The
 * listener gets a {@link #reset} to the end of the entries that it failed to take, again with each event until it
 * succeeds. So it loses no entry without notice.
 */
public interface TailListener extends Ordered {

    /** Order of caches that learn which of their content is outdated. */
    int INVALIDATION = 0;

    /** Order of listeners that show entries to clients: a client that saw an event gets no page from before it. */
    int DELIVERY = 100;

    /**
     * Reports the first position, before any other call. Nothing is known of earlier entries.
     *
     * @param position the end of the log when the instance started
     */
    void begin(Cursor position);

    /**
     * Takes the next entries.
     *
     * @param entries at least one; the first follows the last entry or position reported before, without a gap
     */
    void entries(List<LogEntry> entries);

    /**
     * Reports a break: the next entries follow this position, and entries before it may be missing or void.
     *
     * @param position in the same epoch or another
     */
    void reset(Cursor position);
}
