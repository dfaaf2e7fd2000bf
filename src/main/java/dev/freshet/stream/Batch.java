package dev.freshet.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames that go out to one subscriber with one flush. */
final class Batch {

    private static final int FULL_BYTES = 32 * 1024;
    private static final int FULL_FRAMES = 256;

    private final List<byte[]> frames = new ArrayList<>();
    private int size;

    void add(byte[] frame) {
        frames.add(frame);
        size += frame.length;
    }

    boolean isFull() {
        return size >= FULL_BYTES || frames.size() >= FULL_FRAMES;
    }

    /** All frames, or null where there is none. */
    @Nullable
    ByteBuf bytes() {
        // Wrapped, not copied: all subscribers share the encoded bytes.
        return frames.isEmpty() ? null : Unpooled.wrappedBuffer(frames.size(), frames.toArray(byte[][]::new));
    }
}
