package dev.freshet.stream;

import dev.freshet.feed.Feed;
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
final class Ring {

    /**
     * The content of the ring at one moment.
     *
     * @param epoch the history
     * @param first the lowest seq held, {@code last + 1} when empty
     * @param last the highest seq appended
     * @param size approximate memory of the frames in bytes
     */
    record Bounds(long epoch, long first, long last, long size) {
        Cursor end() {
            return new Cursor(epoch, last);
        }
    }

    private final AtomicReferenceArray<@Nullable Frame> slots;
    private final long maxBytes;
    private long bytes;
    private volatile Bounds bounds;

    Ring(int events, long maxBytes, Cursor start) {
        this.slots = new AtomicReferenceArray<>(events);
        this.maxBytes = maxBytes;
        this.bounds = new Bounds(start.epoch(), start.seq() + 1, start.seq(), 0);
    }

    /** Returns the present bounds. A frame within them may be dropped a moment later. */
    Bounds bounds() {
        return bounds;
    }

    /** Returns the frame of a seq, null if the ring does not contain it. */
    @Nullable
    Frame get(long seq) {
        var frame = slots.get(slot(seq));
        return frame != null && frame.entry().seq() == seq ? frame : null;
    }

    /**
     * Adds the events of a feed to a batch, until it is full.
     *
     * @param after the seq after which to begin
     * @param to the last seq to check
     * @return the last seq checked; less than {@code to} where the batch is full or a frame was dropped meanwhile
     */
    long take(Feed feed, StreamFormat format, long after, long to, Batch batch) {
        var seq = after;
        while (seq < to && !batch.isFull()) {
            var frame = get(seq + 1);
            if (frame == null) {
                break;
            }
            seq++;
            switch (feed.effect(frame.entry())) {
                case ENTERS, STAYS -> batch.add(frame.encoded(format, false));
                case LEAVES -> batch.add(frame.encoded(format, true));
                case NONE -> {}
            }
        }
        return seq;
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
                takeContentOut(now.epoch(), first, last, entry.articleId());
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

    private void takeContentOut(long epoch, long first, long last, UUID article) {
        for (var seq = first; seq <= last; seq++) {
            var frame = get(seq);
            if (frame != null && frame.entry().articleId().equals(article)) {
                var stub = new Frame(epoch, frame.entry().withoutContent());
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
