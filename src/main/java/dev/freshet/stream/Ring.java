package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The instance's last frames, bounded in number and bytes. One writer at a time; any number of readers, without locks.
 */
final class Ring implements FrameSource {

    private final AtomicReferenceArray<@Nullable Frame> slots;
    private final long maxBytes;
    private long bytes;
    private volatile Bounds bounds;

    Ring(int events, long maxBytes, Cursor start) {
        this.slots = new AtomicReferenceArray<>(events);
        this.maxBytes = maxBytes;
        this.bounds = new Bounds(start.epoch(), start.seq() + 1, start.seq(), 0);
    }

    @Override
    public Bounds bounds() {
        return bounds;
    }

    @Override
    public @Nullable Frame get(long seq) {
        var frame = slots.get(slot(seq));
        return frame != null && frame.entry().seq() == seq ? frame : null;
    }

    /** Adds the entries that follow the last one. A withdrawal takes the content out of the frames before it. */
    void append(List<LogEntry> entries) {
        var now = bounds;
        var first = now.first();
        var last = now.last();
        for (var entry : entries) {
            if (entry.seq() != last + 1) {
                throw new IllegalStateException("Entry " + entry.seq() + " does not follow " + last);
            }
            if (entry.type() == EventType.WITHDRAWN) {
                takeContentOut(first, last, entry.articleId());
            }
            if (last - first + 1 == slots.length()) {
                drop(first++);
            }
            var frame = new Frame(now.epoch(), entry);
            slots.set(slot(entry.seq()), frame);
            bytes += frame.size();
            last = entry.seq();
            while (bytes > maxBytes && first < last) {
                drop(first++);
            }
        }
        bounds = new Bounds(now.epoch(), first, last, bytes);
    }

    /** Drops all frames and continues at a position. */
    void reset(Cursor position) {
        // All slots, not only those within the bounds: an append that failed half-way may have filled others.
        for (var slot = 0; slot < slots.length(); slot++) {
            slots.set(slot, null);
        }
        bytes = 0;
        bounds = new Bounds(position.epoch(), position.seq() + 1, position.seq(), 0);
    }

    private void takeContentOut(long first, long last, UUID article) {
        for (var seq = first; seq <= last; seq++) {
            var frame = get(seq);
            if (frame != null && frame.entry().articleId().equals(article)) {
                var stub = frame.withoutContent();
                slots.set(slot(seq), stub);
                bytes += stub.size() - frame.size();
            }
        }
    }

    private void drop(long seq) {
        var frame = slots.getAndSet(slot(seq), null);
        if (frame != null) {
            bytes -= frame.size();
        }
    }

    private int slot(long seq) {
        return (int) (seq % slots.length());
    }
}
