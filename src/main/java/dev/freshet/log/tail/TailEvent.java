package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.util.List;

/** An event of the tail; events arrive in order. */
sealed interface TailEvent {

    /**
     * The next entries.
     *
     * @param entries at least one; the first follows the last of the event before, without a gap
     */
    record Entries(List<LogEntry> entries) implements TailEvent {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A break: the following entries do not provably continue the earlier ones. Another epoch began, or the log was
     * pruned past the position.
     *
     * @param position the position at which the tail continues
     */
    record Reset(Cursor position) implements TailEvent {}
}
