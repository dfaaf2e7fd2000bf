package dev.freshet.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Framing of a stream's bytes. */
public enum Framing {
    /** As they are: HTTP/2 has frames of its own, and a body of HTTP/1.0 ends with its connection. */
    PLAIN {
        @Override
        byte[] before(int size) {
            return EMPTY;
        }

        @Override
        byte[] after() {
            return EMPTY;
        }

        @Override
        ByteBuf end() {
            return Unpooled.EMPTY_BUFFER;
        }
    },
    /** In chunks (RFC 9112, section 7.1), one for each write. */
    CHUNKED {
        @Override
        byte[] before(int size) {
            return (Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        byte[] after() {
            return LINE_END;
        }

        @Override
        ByteBuf end() {
            return Unpooled.wrappedBuffer(LAST_CHUNK);
        }
    },
    /** With the length of each part before it (4 bytes), for channels that make a message of each part. */
    RECORDS {
        @Override
        ByteBuf frame(ByteBufAllocator allocator, List<byte[]> parts) {
            var records = allocator.directBuffer();
            parts.forEach(part -> records.writeInt(part.length).writeBytes(part));
            return records;
        }

        @Override
        byte[] before(int size) {
            return EMPTY;
        }

        @Override
        byte[] after() {
            return EMPTY;
        }

        @Override
        ByteBuf end() {
            return Unpooled.EMPTY_BUFFER;
        }
    };

    private static final byte[] EMPTY = {};
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    /**
     * Frames parts for one write.
     *
     * @param parts at least one. They are copied into direct memory once, which Netty would do per connection otherwise
     */
    ByteBuf frame(ByteBufAllocator allocator, List<byte[]> parts) {
        var size = 0;
        for (var part : parts) {
            size += part.length;
        }
        var before = before(size);
        var after = after();
        var bytes = allocator.directBuffer(before.length + size + after.length).writeBytes(before);
        parts.forEach(bytes::writeBytes);
        return bytes.writeBytes(after);
    }

    abstract byte[] before(int size);

    abstract byte[] after();

    /** Returns the end of the body. */
    abstract ByteBuf end();
}
