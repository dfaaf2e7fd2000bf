package dev.freshet.feed;

import dev.freshet.feedlog.Cursor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A finished page: its bytes in each encoding, in memory that a socket can read, and what its headers say. Never changes;
 * its memory is free when nobody refers to it any more.
 */
final class RenderedPage {

    private final Cursor readAt;
    private final Instant changedAt;
    private final @Nullable String next;
    private final ByteBuffer identity;
    private final ByteBuffer gzip;

    private RenderedPage(Cursor readAt, Instant changedAt, @Nullable String next, byte[] identity, byte[] gzip) {
        this.readAt = readAt;
        this.changedAt = changedAt;
        this.next = next;
        this.identity = direct(identity);
        this.gzip = direct(gzip);
    }

    /** A page that was just rendered. Takes CPU time that grows with its size. */
    static RenderedPage of(Cursor readAt, Instant changedAt, @Nullable String next, byte[] body) {
        var compressed = new ByteArrayOutputStream(body.length / 2 + 64);
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RenderedPage(readAt, changedAt, next, body, compressed.toByteArray());
    }

    /**
     * A page whose compressed form was kept elsewhere.
     *
     * @param longest the most bytes that it may have
     * @throws IOException where that form is damaged or longer
     */
    static RenderedPage restore(Cursor readAt, Instant changedAt, @Nullable String next, byte[] gzip, int longest)
            throws IOException {
        try (var stream = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            var body = stream.readNBytes(longest);
            if (stream.read() >= 0) {
                throw new IOException("A page of more than " + longest + " bytes");
            }
            return new RenderedPage(readAt, changedAt, next, body, gzip);
        }
    }

    /** The position of the feed log that it was read at. */
    Cursor readAt() {
        return readAt;
    }

    /** When the feed log had its last event before the page was read. */
    Instant changedAt() {
        return changedAt;
    }

    /** The address of the next page; null on the last page. */
    @Nullable
    String next() {
        return next;
    }

    /** The bytes to send. Nobody has to release them. */
    ByteBuf body(boolean compressed) {
        return Unpooled.unreleasableBuffer(
                Unpooled.wrappedBuffer(buffer(compressed).duplicate()));
    }

    int length(boolean compressed) {
        return buffer(compressed).remaining();
    }

    /** A copy of the compressed bytes. */
    byte[] compressed() {
        var bytes = new byte[gzip.remaining()];
        gzip.duplicate().get(bytes);
        return bytes;
    }

    /** About how much memory it takes, in bytes. */
    int size() {
        return 500 + identity.remaining() + gzip.remaining();
    }

    private ByteBuffer buffer(boolean compressed) {
        return compressed ? gzip : identity;
    }

    // Not one of Netty's: those want to be released, and a page may be dropped while it is being sent.
    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }
}
