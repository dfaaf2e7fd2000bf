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
 * Unpacks gzip (RFC 1952) of one member or several as it comes, one body per instance. It fails with a problem where the
 * content isn't gzip, is altered or cut off, or is larger than the limit; what was unpacked before went on.
 */
final class GzipDecoder {

    /** So much, which may become a thousand times as much, is unpacked at once. */
    private static final int SLICE = 1024;

    /** A member that holds one zero. It can follow whole members alone, which is how a body that is cut off is known. */
    private static final byte[] LAST = HexFormat.of().parseHex("1f8b08000000000000ff6300008def02d201000000");

    private static final byte[] LAST_UNPACKED = {0};

    private final EmbeddedChannel decoder = new EmbeddedChannel(new JdkZlibDecoder(ZlibWrapper.GZIP, true, 0));
    private final long limit;
    private long size;

    private GzipDecoder(long limit) {
        this.limit = limit;
    }

    /**
     * Unpacks a body.
     *
     * @param limit the most bytes that it may hold
     */
    static Flux<DataBuffer> unpack(Flux<byte[]> packed, long limit) {
        return Flux.using(
                () -> new GzipDecoder(limit),
                gunzip -> packed.concatMapIterable(GzipDecoder::slices, 1)
                        .concatMapIterable(gunzip::unpacked, 1)
                        .concatWith(Flux.defer(gunzip::end))
                        .map(DefaultDataBufferFactory.sharedInstance::wrap),
                GzipDecoder::close);
    }

    private static Iterable<byte[]> slices(byte[] bytes) {
        return () -> IntStream.iterate(0, from -> from < bytes.length, from -> from + SLICE)
                .mapToObj(from -> Arrays.copyOfRange(bytes, from, Math.min(from + SLICE, bytes.length)))
                .iterator();
    }

    private List<byte[]> unpacked(byte[] slice) {
        var parts = decoded(slice);
        size += parts.stream().mapToInt(part -> part.length).sum();
        if (size > limit) {
            throw Problem.CONTENT_TOO_LARGE.because(
                    "Unpacked, an import has up to " + limit + " bytes. Send it in parts, or as it is.");
        }
        return parts;
    }

    private Flux<byte[]> end() {
        var parts = decoded(LAST);
        return parts.size() == 1 && Arrays.equals(parts.getFirst(), LAST_UNPACKED)
                ? Flux.empty()
                : Flux.error(() -> Problem.INVALID_REQUEST.because("The gzip of the body is cut off."));
    }

    private void close() {
        try {
            decoder.finishAndReleaseAll();
        } catch (DecoderException toldAlready) {
            // It looks once more at what it couldn't read.
        }
    }

    private List<byte[]> decoded(byte[] slice) {
        try {
            decoder.writeInbound(Unpooled.wrappedBuffer(slice));
        } catch (DecoderException e) {
            throw Problem.INVALID_REQUEST.because("The body is no gzip, or it was altered or cut off on its way.");
        }
        var parts = new ArrayList<byte[]>();
        for (ByteBuf part; (part = decoder.readInbound()) != null; part.release()) {
            parts.add(ByteBufUtil.getBytes(part));
        }
        return parts;
    }
}
