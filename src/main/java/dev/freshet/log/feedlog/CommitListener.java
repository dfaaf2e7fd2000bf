package dev.freshet.log.feedlog;

import java.util.List;

/**
 * Hears of what this instance itself committed, before whoever asked for it does, and so before the tail brings it. Must
 * be quick, since the commit's answer waits for it; not told of what other instances commit.
 */
public interface CommitListener {

    /**
     * Events were committed.
     *
     * @param last the position of the last one; those before have the seqs before
     * @param entries in order, at least one
     */
    void committed(Cursor last, List<NewEntry> entries);
}
