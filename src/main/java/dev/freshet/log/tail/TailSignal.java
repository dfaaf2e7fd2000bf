package dev.freshet.log.tail;

import dev.freshet.log.feedlog.LogEntry;
import java.util.List;

/** A message of a tail. */
sealed interface TailSignal {

    /**
     * A commit.
     *
     * @param seq its highest seq
     * @param own whether this instance committed it
     */
    record Hint(long seq, boolean own) implements TailSignal {}

    /**
     * Entries of the requested epoch.
     *
     * @param entries at least one, in order
     */
    record Copies(List<LogEntry> entries, Source source) implements TailSignal {}

    /** The source of copies. */
    enum Source {
        /** This instance, which committed them just now. Redis may lack them. */
        OWN,
        /** The NOTIFY of another instance, which copies them to Redis. */
        NOTIFICATION,
        /** Redis, which has all entries before them too. */
        REDIS
    }

    /** Entries may have been missed: only the log itself can tell. */
    record PossibleLoss() implements TailSignal {}
}
