package dev.freshet.stream;

import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

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

    /** What begins a stream, so that a client and what stands between see that it works; may be empty. */
    byte[] greeting(long retryMillis) {
        return utf8(isSse() ? "retry:" + retryMillis + "\n:welcome\n\n" : "");
    }

    /** Keeps a silent connection open. */
    byte[] heartbeat() {
        return utf8(isSse() ? ":\n\n" : "\n");
    }

    /** Tells that events may be missing before this position. */
    byte[] reset(Cursor cursor, Reset reason) {
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"reset\",\"reason\":\"" + reason + "\"}";
        return utf8(isSse() ? "id:" + cursor + "\nevent:reset\ndata:" + data + "\n\n" : data + "\n");
    }

    /** Tells that all events up to this position were sent. */
    byte[] live(Cursor cursor) {
        return utf8(notice("live", "\"cursor\":\"" + cursor + "\""));
    }

    /** Tells why the server ends the stream. */
    byte[] closing(Closing reason, long retryMillis) {
        var notice = notice("closing", "\"reason\":\"" + reason + "\"");
        return utf8(isSse() ? "retry:" + retryMillis + "\n" + notice : notice);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String notice(String type, String fields) {
        var data = "{\"type\":\"" + type + "\"," + fields + "}";
        return isSse() ? "event:" + type + "\ndata:" + data + "\n\n" : data + "\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
