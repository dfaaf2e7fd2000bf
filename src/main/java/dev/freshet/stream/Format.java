package dev.freshet.stream;

import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.EventType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** A wire format of streams. */
enum Format {
    SSE(false),
    SSE_FULL(true),
    NDJSON(false),
    NDJSON_FULL(true);

    private final boolean content;

    Format(boolean content) {
        this.content = content;
    }

    static Format of(boolean sse, boolean content) {
        return sse ? (content ? SSE_FULL : SSE) : (content ? NDJSON_FULL : NDJSON);
    }

    boolean isSse() {
        return this == SSE || this == SSE_FULL;
    }

    /** Whether articles carry {@code body} and {@code html}. */
    boolean content() {
        return content;
    }

    /** An event of the log. */
    byte[] event(Cursor cursor, EventType type, String article) {
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"" + type + "\",\"article\":" + article + "}";
        return isSse() ? utf8("id:" + cursor + "\nevent:" + type + "\ndata:" + data + "\n\n") : utf8(data + "\n");
    }

    /** What begins each stream, so that its headers are sent at once. */
    ByteBuf greeting(long retryMillis) {
        return isSse() ? buffer("retry:" + retryMillis + "\n:welcome\n\n") : Unpooled.EMPTY_BUFFER;
    }

    /** Keeps a silent connection open. */
    ByteBuf heartbeat() {
        return buffer(isSse() ? ":\n\n" : "\n");
    }

    /** Tells that events may be missing before this position. */
    ByteBuf reset(Cursor cursor, Reset reason) {
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"reset\",\"reason\":\"" + reason + "\"}";
        return buffer(isSse() ? "id:" + cursor + "\nevent:reset\ndata:" + data + "\n\n" : data + "\n");
    }

    /** Tells that all events up to this position were sent. */
    ByteBuf live(Cursor cursor) {
        return notice("live", "\"cursor\":\"" + cursor + "\"");
    }

    /** Tells why the server ends the stream. */
    ByteBuf closing(String reason, long retryMillis) {
        var notice = notice("closing", "\"reason\":\"" + reason + "\"");
        return isSse() ? Unpooled.wrappedBuffer(buffer("retry:" + retryMillis + "\n"), notice) : notice;
    }

    private ByteBuf notice(String type, String fields) {
        var data = "{\"type\":\"" + type + "\"," + fields + "}";
        return buffer(isSse() ? "event:" + type + "\ndata:" + data + "\n\n" : data + "\n");
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.wrappedBuffer(utf8(text));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
