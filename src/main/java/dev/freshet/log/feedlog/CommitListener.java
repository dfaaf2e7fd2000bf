package dev.freshet.log.feedlog;

import java.util.List;

/**
 * Called after this instance commits, before the client gets its response. Must be quick, since the response waits for it.
 * Commits of other instances are not reported. A commit whose result was lost is not reported either.
 */
public interface CommitListener {

    /**
     * Reports committed events. Concurrent commits are reported concurrently and in any order.
     *
     * @param epoch the history of the log
     * @param entries at least one, in order and without a gap
     */
    void committed(long epoch, List<LogEntry> entries);
}
