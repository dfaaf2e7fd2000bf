package dev.freshet.content.format;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;

/**
 * Splits a body into lines at LF or CRLF, one body per instance. Spring's own line decoding ends the whole stream at a
 * line over its limit; here that line is reported and the stream continues.
 *
 * <p>It stores the bytes of one unfinished line up to the limit. Buffers are copied and released as they arrive, so
 * neither error nor cancellation can leak one.
 */
final class LineSplitter {

    private final int limit;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private boolean skipping;
    private int number = 1;

    private LineSplitter(int limit) {
        this.limit = limit;
    }

    /**
     * Returns the non-blank lines of a body in their order.
     *
     * @param limit the maximum length of a line in bytes, without its line ending
     */
    static Flux<NdjsonLine> lines(Flux<DataBuffer> body, int limit) {
        return Flux.defer(() -> {
            var splitter = new LineSplitter(limit);
            return body.map(splitter::split)
                    .concatWith(Flux.defer(() -> Flux.just(splitter.end())))
                    .concatMapIterable(lines -> lines, 1);
        });
    }

    private List<NdjsonLine> split(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        var lines = new ArrayList<NdjsonLine>();
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n' && at == from && open.size() == 0 && !skipping) {
                // An empty line, of which a compressed body may have millions.
                number++;
                from = at + 1;
            } else if (bytes[at] == '\n') {
                take(bytes, from, at, lines);
                close(lines);
                from = at + 1;
            }
        }
        take(bytes, from, bytes.length, lines);
        return lines;
    }

    private List<NdjsonLine> end() {
        var lines = new ArrayList<NdjsonLine>(1);
        close(lines);
        return lines;
    }

    private void take(byte[] bytes, int from, int to, List<NdjsonLine> lines) {
        if (skipping) {
            return;
        }
        // One byte more than the limit may be the CR of a CRLF whose LF has not arrived.
        int room = limit + 1 - open.size();
        if (to - from > room) {
            tooLong(lines);
        } else {
            open.write(bytes, from, to - from);
        }
    }

    private void close(List<NdjsonLine> lines) {
        if (!skipping && open.size() > 0) {
            var line = open.toByteArray();
            int to = line[line.length - 1] == '\r' ? line.length - 1 : line.length;
            int from = number == 1 && hasByteOrderMark(line) ? 3 : 0;
            if (to - from > limit) {
                tooLong(lines);
            } else if (!isBlank(line, from, to)) {
                lines.add(new NdjsonLine.Text(number, Arrays.copyOfRange(line, from, to)));
            }
        }
        open.reset();
        skipping = false;
        number++;
    }

    private void tooLong(List<NdjsonLine> lines) {
        lines.add(new NdjsonLine.TooLong(number));
        open.reset();
        skipping = true;
    }

    private static boolean hasByteOrderMark(byte[] line) {
        return line.length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private static boolean isBlank(byte[] line, int from, int to) {
        for (int at = from; at < to; at++) {
            if (line[at] != ' ' && line[at] != '\t' && line[at] != '\r') {
                return false;
            }
        }
        return true;
    }
}
