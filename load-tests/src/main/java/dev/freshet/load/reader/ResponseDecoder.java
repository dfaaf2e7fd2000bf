package dev.freshet.load.reader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Decodes one HTTP/1.1 response, chunked or not (RFC 9112), and splits its body into events. Events that arrive whole are
 * passed on in place; only a partial event is copied until its rest arrives.
 */
final class ResponseDecoder {

    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_EVENT = 16 * 1024 * 1024;

    private enum State {
        HEADERS,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        // Until the end of the connection, or for the bytes of content-length.
        PLAIN,
        COMPLETE
    }

    private enum Split {
        BLOCKS,
        LINES,
        NONE
    }

    private final StreamListener listener;
    private Map<String, String> headers = new HashMap<>();
    // A partial line of headers or of the chunked framing.
    private final StringBuilder line = new StringBuilder();
    private State state = State.HEADERS;
    private Split split = Split.NONE;
    private int status;
    private long left;
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;

    ResponseDecoder(StreamListener listener) {
        this.listener = listener;
    }

    /**
     * Decodes all readable bytes.
     *
     * @return whether the response is complete
     * @throws IllegalStateException if the bytes are not a response
     */
    boolean decode(ByteBuf bytes, long atNanos) {
        while (bytes.isReadable() && state != State.COMPLETE) {
            switch (state) {
                case CHUNK, PLAIN -> body(bytes, atNanos);
                default -> {
                    if (readLine(bytes)) {
                        var text = line.toString();
                        line.setLength(0);
                        framing(text, atNanos);
                    }
                }
            }
        }
        return state == State.COMPLETE;
    }

    /** Returns whether the end of the connection completes the response. */
    boolean endOfConnection(long atNanos) {
        if (state == State.PLAIN && left < 0) {
            complete(atNanos);
        }
        return state == State.COMPLETE;
    }

    void release() {
        partial.release();
        partial = Unpooled.EMPTY_BUFFER;
    }

    private boolean readLine(ByteBuf bytes) {
        while (bytes.isReadable()) {
            var next = (char) (bytes.readByte() & 0xff);
            if (next == '\n') {
                return true;
            }
            if (next != '\r') {
                line.append(next);
            }
            if (line.length() > MAX_LINE) {
                throw new IllegalStateException("A line of more than " + MAX_LINE + " bytes in the framing");
            }
        }
        return false;
    }

    private void framing(String text, long atNanos) {
        switch (state) {
            case HEADERS -> header(text, atNanos);
            case CHUNK_SIZE -> {
                left = Long.parseLong(text.split(";", 2)[0].strip(), 16);
                state = left == 0 ? State.TRAILERS : State.CHUNK;
            }
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILERS -> {
                if (text.isEmpty()) {
                    complete(atNanos);
                }
            }
            default -> throw new IllegalStateException("No line is expected in state " + state);
        }
    }

    private void header(String text, long atNanos) {
        if (status == 0) {
            status = Integer.parseInt(text.split(" ")[1]);
        } else if (!text.isEmpty()) {
            var colon = text.indexOf(':');
            headers.put(
                    text.substring(0, colon).toLowerCase(Locale.ROOT),
                    text.substring(colon + 1).strip());
        } else {
            begin(atNanos);
        }
    }

    private void begin(long atNanos) {
        var type = headers.getOrDefault("content-type", "");
        split = type.startsWith("text/event-stream")
                ? Split.BLOCKS
                : type.startsWith("application/x-ndjson") ? Split.LINES : Split.NONE;
        var chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
        left = Long.parseLong(headers.getOrDefault("content-length", "-1"));
        listener.opened(status, headers);
        // Thousands of streams would keep theirs otherwise.
        headers = Map.of();
        state = chunked ? State.CHUNK_SIZE : State.PLAIN;
        if (!chunked && (left == 0 || status == 204 || status == 304)) {
            complete(atNanos);
        }
    }

    private void body(ByteBuf bytes, long atNanos) {
        var length = left < 0 ? bytes.readableBytes() : (int) Math.min(left, bytes.readableBytes());
        events(bytes, length, atNanos);
        if (left > 0) {
            left -= length;
            if (left == 0) {
                if (state == State.CHUNK) {
                    state = State.CHUNK_END;
                } else {
                    complete(atNanos);
                }
            }
        }
    }

    private void events(ByteBuf bytes, int length, long atNanos) {
        var end = bytes.readerIndex() + length;
        if (partial.isReadable()) {
            partial.writeBytes(bytes, length);
            var rest = emit(partial, partial.readerIndex(), partial.writerIndex(), atNanos);
            partial.readerIndex(rest);
            if (!partial.isReadable()) {
                release();
            } else if (partial.readableBytes() > MAX_EVENT) {
                throw new IllegalStateException("An event of more than " + MAX_EVENT + " bytes");
            }
            return;
        }
        var rest = emit(bytes, bytes.readerIndex(), end, atNanos);
        if (rest < end) {
            partial = Unpooled.buffer(Math.max(256, end - rest)).writeBytes(bytes, rest, end - rest);
        }
        bytes.readerIndex(end);
    }

    /** Passes on all whole events, and returns the index after the last of them. */
    private int emit(ByteBuf bytes, int from, int to, long atNanos) {
        var begin = from;
        for (var at = bytes.indexOf(begin, to, (byte) '\n'); at >= 0 && split != Split.NONE; ) {
            if (split == Split.LINES) {
                listener.event(bytes, begin, at, atNanos);
                begin = at + 1;
            } else if (at + 1 < to && bytes.getByte(at + 1) == '\n') {
                listener.event(bytes, begin, at, atNanos);
                at++;
                begin = at + 1;
            }
            at = bytes.indexOf(at + 1, to, (byte) '\n');
        }
        return begin;
    }

    private void complete(long atNanos) {
        state = State.COMPLETE;
        if (split == Split.NONE && partial.isReadable()) {
            listener.event(partial, partial.readerIndex(), partial.writerIndex(), atNanos);
        }
    }
}
