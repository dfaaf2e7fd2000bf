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
     * @param own whether this instance committed them just now; Redis may lack them
     */
    record Copies(List<LogEntry> entries, boolean own) implements TailSignal {}

    /** Entries may have been missed: only the log itself can tell. */
    record PossibleLoss() implements TailSignal {}
}
