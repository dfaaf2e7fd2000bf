package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A rendered page: its bytes in each encoding and the values of its headers. Unreferenced pages are garbage collected.
 * Safe for use by any thread.
 *
 * <p>A popular page lies in direct memory, so that it is sent without a copy. Direct memory is freed only by a
 * collection of the whole heap, so other pages lie on the heap.
 */
final class RenderedPage {

    private final Cursor readAt;
    private final Instant changedAt;
    private final PublicationPeriod period;
    private final @Nullable String next;
    private final boolean popular;
    private final ByteBuffer identity;
    private volatile @Nullable ByteBuffer gzip;
    // Complete responses in the usual forms: assembling their headers took as long as all the rest.
    private final AtomicReferenceArray<@Nullable PageResponse> responses = new AtomicReferenceArray<>(4);

    private RenderedPage(
            Cursor readAt,
            Instant changedAt,
            PublicationPeriod period,
            @Nullable String next,
            boolean popular,
            byte[] identity,
            byte @Nullable [] gzip) {
        this.readAt = readAt;
        this.changedAt = changedAt;
        this.period = period;
        this.next = next;
        this.popular = popular;
        this.identity = memory(identity);
        this.gzip = gzip == null ? null : memory(gzip);
    }

    /**
     * Creates a page from its rendered bytes.
     *
     * @param period the publication times of articles that the page depends on
     * @param popular whether many requests are expected
     */
    static RenderedPage of(
            Cursor readAt,
            Instant changedAt,
            PublicationPeriod period,
            @Nullable String next,
            boolean popular,
            byte[] body) {
        return new RenderedPage(readAt, changedAt, period, next, popular, body, null);
    }

    /**
     * Restores a popular page from its compressed bytes.
     *
     * @param maxBytes maximum number of bytes
     * @throws IOException if the bytes are damaged or too long
     */
    static RenderedPage restore(
            Cursor readAt,
            Instant changedAt,
            PublicationPeriod period,
            @Nullable String next,
            byte[] gzip,
            int maxBytes)
            throws IOException {
        try (var stream = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            var body = stream.readNBytes(maxBytes);
            if (stream.read() >= 0) {
                throw new IOException("A page of more than " + maxBytes + " bytes");
            }
            return new RenderedPage(readAt, changedAt, period, next, true, body, gzip);
        }
    }

    /** Returns the position of the feed log at which it was read. */
    Cursor readAt() {
        return readAt;
    }

    /** Returns the publication times of articles that the page depends on. */
    PublicationPeriod period() {
        return period;
    }

    /** Returns the time of the feed log's last event before the read. */
    Instant changedAt() {
        return changedAt;
    }

    /** Returns the address of the next page; null on the last page. */
    @Nullable
    String next() {
        return next;
    }

    /** Returns whether the compressed bytes exist. */
    boolean isCompressed() {
        return gzip != null;
    }

    /** Compresses the page once. Takes time that grows with the page: not for an event loop. */
    RenderedPage compress() {
        // At worst several threads compress the same bytes.
        if (gzip == null) {
            var bytes = new ByteArrayOutputStream(identity.remaining() / 2 + 64);
            try (var stream = new QuickGzip(bytes)) {
                stream.write(copy(identity));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            gzip = memory(bytes.toByteArray());
        }
        return this;
    }

    /** Gzip in less than half of the time of the default level, with 4 % more bytes. */
    private static final class QuickGzip extends GZIPOutputStream {

        private static final int LEVEL = 4;

        QuickGzip(OutputStream target) throws IOException {
            super(target);
            def.setLevel(LEVEL);
        }
    }

    /** Returns the stored response with this page; null for none. */
    @Nullable
    PageResponse stored(boolean compressed) {
        return responses.get(compressed ? 1 : 0);
    }

    /** Returns the stored 304 for this entity tag; null for none. */
    @Nullable
    PageResponse unchanged(String tag) {
        for (var i = 2; i < 4; i++) {
            var response = responses.get(i);
            if (response != null && tag.equals(response.headers().get(HttpHeaderNames.ETAG))) {
                return response;
            }
        }
        return null;
    }

    /** Stores a response that is the same for all requests with this page's tag, or without a condition. */
    void store(PageResponse response) {
        responses.set((response.compressed() ? 1 : 0) + (response.status() == 304 ? 2 : 0), response);
    }

    /** Returns the bytes to send, compressed only after {@link #compress}. They need no release. */
    ByteBuf body(boolean compressed) {
        return Unpooled.unreleasableBuffer(
                Unpooled.wrappedBuffer(buffer(compressed).duplicate()));
    }

    int length(boolean compressed) {
        return buffer(compressed).remaining();
    }

    /** Returns a copy of the bytes. */
    byte[] bytes() {
        return copy(identity);
    }

    /** Returns a copy of the compressed bytes. */
    byte[] compressed() {
        return copy(compress().buffer(true));
    }

    /** Returns its approximate memory in bytes with the compressed form. */
    int size() {
        return 2000 + identity.remaining() + identity.remaining() / 3;
    }

    private ByteBuffer buffer(boolean compressed) {
        return compressed ? Objects.requireNonNull(gzip) : identity;
    }

    private static byte[] copy(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    // Not a Netty buffer, which would need a release: a page may be evicted while it is being sent.
    private ByteBuffer memory(byte[] bytes) {
        return popular ? ByteBuffer.allocateDirect(bytes.length).put(bytes).flip() : ByteBuffer.wrap(bytes);
    }
}
