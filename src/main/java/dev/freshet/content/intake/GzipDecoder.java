package dev.freshet.content.intake;

import dev.freshet.platform.problem.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;

/**
 * Decompresses a gzip body (RFC 1952) of one or several members as a stream; one body per instance. Fails with a problem
 * if the content is not gzip, is corrupt or truncated, or exceeds a limit. Bytes decompressed before were emitted.
 */
final class GzipDecoder {

    /** The number of compressed bytes per step; each may decompress to about a thousand bytes. */
    private static final int SLICE_BYTES = 1024;

    /** Text of articles expands 3- to 20-fold. A higher factor costs its receiver much more work than its sender. */
    private static final long MAX_EXPANSION = 100;

    /** The size up to which the factor does not matter. */
    private static final long MIN_EXPANSION_BYTES = 32L * 1024 * 1024;

    /** A gzip member that contains one zero byte. It decodes only after complete members, so it detects truncation. */
    private static final byte[] END_PROBE = HexFormat.of().parseHex("1f8b08000000000000ff6300008def02d201000000");

    private static final byte[] END_PROBE_CONTENT = {0};

    private final EmbeddedChannel decoder = new EmbeddedChannel(new JdkZlibDecoder(ZlibWrapper.GZIP, true, 0));
    private final long limit;
    private long compressedSize;
    private long size;

    private GzipDecoder(long limit) {
        this.limit = limit;
    }

    /**
     * Decompresses a body.
     *
     * @param limit the maximum number of decompressed bytes
     */
    static Flux<DataBuffer> decode(Flux<byte[]> compressed, long limit) {
        return Flux.using(
                () -> new GzipDecoder(limit),
                decoder -> compressed
                        .concatMapIterable(GzipDecoder::slices, 1)
                        .concatMapIterable(decoder::limited, 1)
                        .concatWith(Flux.defer(decoder::end))
                        .map(DefaultDataBufferFactory.sharedInstance::wrap),
                GzipDecoder::close);
    }

    private static Iterable<byte[]> slices(byte[] bytes) {
        return () -> IntStream.iterate(0, from -> from < bytes.length, from -> from + SLICE_BYTES)
                .mapToObj(from -> Arrays.copyOfRange(bytes, from, Math.min(from + SLICE_BYTES, bytes.length)))
                .iterator();
    }

    private List<byte[]> limited(byte[] slice) {
        var parts = decoded(slice);
        compressedSize += slice.length;
        size += parts.stream().mapToInt(part -> part.length).sum();
        if (size > limit) {
            throw Problem.CONTENT_TOO_LARGE.because(
                    "The decompressed import exceeds " + limit + " bytes. Split it, or send it uncompressed.");
        }
        if (size > Math.max(MIN_EXPANSION_BYTES, compressedSize * MAX_EXPANSION)) {
            throw Problem.CONTENT_TOO_LARGE.because(
                    "The import expands more than " + MAX_EXPANSION + "-fold. Send it uncompressed.");
        }
        return parts;
    }

    private Flux<byte[]> end() {
        var parts = decoded(END_PROBE);
        return parts.size() == 1 && Arrays.equals(parts.getFirst(), END_PROBE_CONTENT)
                ? Flux.empty()
                : Flux.error(() -> Problem.INVALID_REQUEST.because("The gzip body is truncated."));
    }

    private void close() {
        try {
            decoder.finishAndReleaseAll();
        } catch (DecoderException reported) {
            // Closing decodes the remaining bytes, whose fault was reported before.
        }
    }

    private List<byte[]> decoded(byte[] slice) {
        try {
            decoder.writeInbound(Unpooled.wrappedBuffer(slice));
        } catch (DecoderException e) {
            throw Problem.INVALID_REQUEST.because("The body is not gzip, or it is corrupt or truncated.");
        }
        var parts = new ArrayList<byte[]>();
        for (ByteBuf part; (part = decoder.readInbound()) != null; part.release()) {
            parts.add(ByteBufUtil.getBytes(part));
        }
        return parts;
    }
}
