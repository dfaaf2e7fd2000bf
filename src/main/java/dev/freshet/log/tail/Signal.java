package dev.freshet.log.tail;

import dev.freshet.log.feedlog.LogEntry;

/** What a tail heard. */
sealed interface Signal {

    /**
     * Something was committed.
     *
     * @param seq the highest seq of it
     * @param own whether this instance committed it
     */
    record Hint(long seq, boolean own) implements Signal {}

    /** A copy of an entry of the history that the tail was asked for. */
    record Copy(LogEntry entry) implements Signal {}

    /** Something may have been missed: only the log itself can tell. */
    record Uncertain() implements Signal {}
}
