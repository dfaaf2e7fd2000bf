package dev.freshet.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How the bytes of a stream lie in its response. */
enum Framing {
    /** As they are: HTTP/2 has frames of its own, and a body of HTTP/1.0 ends with its connection. */
    PLAIN {
        @Override
        byte[] before(int size) {
            return NOTHING;
        }

        @Override
        byte[] after() {
            return NOTHING;
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
    };

    private static final byte[] NOTHING = {};
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    /**
     * The parts as they go out with one write.
     *
     * @param parts not empty; they are copied into memory that a socket can read, which Netty would else do for each
     *     connection
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

    /** What tells that the body is complete. */
    abstract ByteBuf end();
}
