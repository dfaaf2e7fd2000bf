package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.util.List;

/** What the live end says, in order. */
public sealed interface TailEvent {

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
     * What follows can't be shown to continue what was before: another history began, or the log was pruned past the
     * position.
     *
     * @param position where the tail goes on
     */
    record Reset(Cursor position) implements TailEvent {}
}
