package dev.freshet.log.tail;

import dev.freshet.log.feedlog.LogEntry;

/** A message of a tail. */
sealed interface TailSignal {

    /**
     * A commit.
     *
     * @param seq its highest seq
     * @param own whether this instance committed it
     */
    record Hint(long seq, boolean own) implements TailSignal {}

    /** A copy of an entry of the requested epoch. */
    record Copy(LogEntry entry) implements TailSignal {}

    /** Entries may have been missed: only the log itself can tell. */
    record PossibleLoss() implements TailSignal {}
}
