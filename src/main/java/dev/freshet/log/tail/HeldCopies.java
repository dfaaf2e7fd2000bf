package dev.freshet.log.tail;

import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.tail.TailSignal.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Copies that the follower has not taken yet. Bounded: those that do not fit are read from the log. Tails hold copies on
 * any thread; one thread at a time takes them.
 */
final class HeldCopies {

    private static final int MAX_HELD = 1024;

    private final ConcurrentSkipListMap<Long, Copy> copies = new ConcurrentSkipListMap<>();

    private record Copy(LogEntry entry, Source source) {}

    /**
     * Copies that continue a position.
     *
     * @param entries in order and without a gap
     * @param own whether this instance committed them, so that Redis may lack them
     */
    record Taken(List<LogEntry> entries, boolean own) {}

    /** Holds the entries of a signal that follow a position. */
    void hold(TailSignal.Copies arrived, long position) {
        for (var entry : arrived.entries()) {
            if (entry.seq() > position && copies.size() < MAX_HELD) {
                copies.put(entry.seq(), new Copy(entry, arrived.source()));
            }
        }
    }

    /** Returns whether the entry after a position is held. */
    boolean continues(long position) {
        return copies.containsKey(position + 1);
    }

    /** Removes entries of one source that continue a position, and returns them. There may be more of another source. */
    Taken take(long position) {
        var entries = new ArrayList<LogEntry>();
        var next = position + 1;
        var first = copies.get(next);
        if (first == null) {
            return new Taken(entries, false);
        }
        for (var copy = first; copy != null && copy.source() == first.source(); copy = copies.get(++next)) {
            copies.remove(next);
            entries.add(copy.entry());
        }
        return new Taken(entries, first.source() == Source.OWN);
    }

    /** Removes the entries up to a position. */
    void removeTo(long position) {
        copies.headMap(position, true).clear();
    }
}
