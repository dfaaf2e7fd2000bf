package dev.freshet.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Encoded events that go out with one write and one flush. */
final class Batch {

    private static final int FULL_BYTES = 32 * 1024;
    private static final int FULL_EVENTS = 256;

    private final List<byte[]> events = new ArrayList<>(1);
    private int size;

    void add(byte[] event) {
        events.add(event);
        size += event.length;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean isFull() {
        return size >= FULL_BYTES || events.size() >= FULL_EVENTS;
    }

    /** The events added, of which there must be one at least; the batch is empty then. */
    ByteBuf take(Framing framing, ByteBufAllocator allocator) {
        var bytes = framing.frame(allocator, events);
        events.clear();
        size = 0;
        return bytes;
    }
}
