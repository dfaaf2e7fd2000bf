package dev.freshet.log.tail;

import dev.freshet.log.feedlog.LogEntry;
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

    private record Copy(LogEntry entry, boolean own) {}

    /**
     * Copies that continue a position.
     *
     * @param entries in order and without a gap
     * @param onlyHere the last of the entries, which Redis may lack
     */
    record Taken(List<LogEntry> entries, List<LogEntry> onlyHere) {}

    /** Holds the entries of a signal that follow a position. */
    void hold(TailSignal.Copies arrived, long position) {
        for (var entry : arrived.entries()) {
            if (entry.seq() > position && copies.size() < MAX_HELD) {
                copies.put(entry.seq(), new Copy(entry, arrived.own()));
            }
        }
    }

    /** Returns whether the entry after a position is held. */
    boolean continues(long position) {
        return copies.containsKey(position + 1);
    }

    /** Removes the entries that continue a position, and returns them. */
    Taken take(long position) {
        var entries = new ArrayList<LogEntry>();
        // A copy from Redis proves that all entries before it are there.
        var onlyHere = new ArrayList<LogEntry>();
        var next = position + 1;
        for (var copy = copies.remove(next); copy != null; copy = copies.remove(++next)) {
            entries.add(copy.entry());
            if (copy.own()) {
                onlyHere.add(copy.entry());
            } else {
                onlyHere.clear();
            }
        }
        return new Taken(entries, onlyHere);
    }

    /** Removes the entries up to a position. */
    void removeTo(long position) {
        copies.headMap(position, true).clear();
    }
}
