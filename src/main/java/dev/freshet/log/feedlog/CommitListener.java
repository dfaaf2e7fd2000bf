package dev.freshet.log.feedlog;

import java.util.List;

/**
 * Called after this instance commits, before the client gets its response and before the tail delivers the events. Must
 * be quick, since the response waits for it. Commits of other instances are not reported.
 */
public interface CommitListener {

    /**
     * Reports committed events.
     *
     * @param last the position of the last event; the others precede it without a gap
     * @param entries in order, at least one
     */
    void committed(Cursor last, List<NewEntry> entries);
}
