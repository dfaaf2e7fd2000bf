package dev.freshet.load.reader;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Parses one HTTP/1.1 response: its status, its entity tag and the length of its body. It must cost less than the server
 * that sends the response.
 */
public final class ResponseParser {

    private static final String CONTENT_LENGTH = "content-length:";
    private static final String TRANSFER_ENCODING = "transfer-encoding:";
    private static final String ETAG = "etag:";
    private static final String CLOSE = "connection: close";

    private enum Part {
        STATUS,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        NOTHING
    }

    private Part part = Part.STATUS;
    private boolean chunked;
    private int status;
    private long left;
    private long length;
    private String etag = "";
    private boolean last;

    public int status() {
        return status;
    }

    /** Returns the length of the body on the wire, without the framing of chunks. */
    public long length() {
        return length;
    }

    /** Returns the entity tag; empty if the response has none. */
    public String etag() {
        return etag;
    }

    /** Returns whether the server closes the connection after this response. */
    boolean isLast() {
        return last;
    }

    public void expectNext() {
        part = Part.STATUS;
    }

    /**
     * Parses further bytes.
     *
     * @param bytes an incomplete line is left in it; pass it again with the bytes that follow
     * @return whether the response is complete
     */
    public boolean read(ByteBuf bytes) {
        while (part != Part.NOTHING) {
            if (part == Part.BODY || part == Part.CHUNK) {
                var some = (int) Math.min(left, bytes.readableBytes());
                bytes.skipBytes(some);
                left -= some;
                length += some;
                if (left > 0) {
                    return false;
                }
                part = part == Part.BODY ? Part.NOTHING : Part.CHUNK_END;
            } else {
                var begin = bytes.readerIndex();
                var end = bytes.indexOf(begin, bytes.writerIndex(), (byte) '\n');
                if (end < 0) {
                    return false;
                }
                bytes.readerIndex(end + 1);
                readLine(bytes, begin, end > begin && bytes.getByte(end - 1) == '\r' ? end - 1 : end);
            }
        }
        return true;
    }

    private void readLine(ByteBuf bytes, int begin, int end) {
        switch (part) {
            case STATUS -> {
                // HTTP/1.1 200
                status = (int) number(bytes, begin + 9, Math.min(end, begin + 12), 10);
                chunked = false;
                left = 0;
                length = 0;
                etag = "";
                last = false;
                part = Part.HEADERS;
            }
            case HEADERS -> {
                if (begin == end) {
                    part = afterHeaders();
                } else if (isHeader(CONTENT_LENGTH, bytes, begin, end)) {
                    left = number(bytes, begin + CONTENT_LENGTH.length(), end, 10);
                } else if (isHeader(TRANSFER_ENCODING, bytes, begin, end)) {
                    chunked = true;
                } else if (isHeader(ETAG, bytes, begin, end)) {
                    var from = begin + ETAG.length();
                    etag = bytes.toString(from, end - from, StandardCharsets.US_ASCII)
                            .strip();
                } else if (isHeader(CLOSE, bytes, begin, end)) {
                    last = true;
                }
            }
            case CHUNK_SIZE -> {
                left = number(bytes, begin, end, 16);
                part = left == 0 ? Part.TRAILERS : Part.CHUNK;
            }
            case CHUNK_END -> part = Part.CHUNK_SIZE;
            case TRAILERS -> part = begin == end ? Part.NOTHING : Part.TRAILERS;
            default -> throw new IllegalStateException("No line is expected in " + part);
        }
    }

    private Part afterHeaders() {
        if (status == 304 || status == 204) {
            return Part.NOTHING;
        }
        return chunked ? Part.CHUNK_SIZE : left == 0 ? Part.NOTHING : Part.BODY;
    }

    private static boolean isHeader(String name, ByteBuf bytes, int begin, int end) {
        if (end - begin < name.length()) {
            return false;
        }
        for (var i = 0; i < name.length(); i++) {
            // Converts to lower case; punctuation in a header name has this bit already.
            if ((bytes.getByte(begin + i) | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static long number(ByteBuf bytes, int begin, int end, int radix) {
        var number = 0L;
        for (var at = begin; at < end; at++) {
            var digit = Character.digit(bytes.getByte(at), radix);
            if (digit >= 0) {
                number = number * radix + digit;
            } else if (bytes.getByte(at) == ';') {
                return number;
            }
        }
        return number;
    }
}
