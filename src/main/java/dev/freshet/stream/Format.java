package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.platform.WireName;
import dev.freshet.platform.http.ClosingReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire format of streams. */
enum Format implements WireName {
    SSE(true, Detail.SUMMARY),
    SSE_FULL(true, Detail.FULL),
    SSE_KEYS(true, Detail.KEYS),
    NDJSON(false, Detail.SUMMARY),
    NDJSON_FULL(false, Detail.FULL),
    NDJSON_KEYS(false, Detail.KEYS);

    /** The selection of fields in an event. */
    enum Detail {
        /** The article without {@code body} and {@code html}. */
        SUMMARY,
        /** The whole article. */
        FULL,
        /** The article's id, and the surrogate keys of the pages that the event makes outdated. */
        KEYS
    }

    private final boolean sse;
    private final Detail detail;

    Format(boolean sse, Detail detail) {
        this.sse = sse;
        this.detail = detail;
    }

    static Format of(boolean sse, Detail detail) {
        return switch (detail) {
            case SUMMARY -> sse ? SSE : NDJSON;
            case FULL -> sse ? SSE_FULL : NDJSON_FULL;
            case KEYS -> sse ? SSE_KEYS : NDJSON_KEYS;
        };
    }

    boolean isSse() {
        return sse;
    }

    Detail detail() {
        return detail;
    }

    /** Returns whether articles contain {@code body} and {@code html}. */
    boolean content() {
        return detail == Detail.FULL;
    }

    /**
     * An event of the log.
     *
     * @param article a JSON object
     * @param keys null where the format has none
     */
    byte[] event(Cursor cursor, EventType type, String article, @Nullable List<String> keys) {
        var more = keys == null ? "" : ",\"keys\":[\"" + String.join("\",\"", keys) + "\"]";
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"" + type + "\",\"article\":" + escapeLineEnds(article)
                + more + "}";
        return isSse() ? utf8("id:" + cursor + "\nevent:" + type + "\ndata:" + data + "\n\n") : utf8(data + "\n");
    }

    /** Encodes the first bytes of a stream, which show clients and proxies that it works; may be empty. */
    byte[] greeting(long retryMillis) {
        return utf8(isSse() ? "retry:" + retryMillis + "\n:welcome\n\n" : "");
    }

    /** Encodes a heartbeat, which keeps a silent connection open. */
    byte[] heartbeat() {
        return utf8(isSse() ? ":\n\n" : "\n");
    }

    /** Encodes a reset: events before this position may be missing. */
    byte[] reset(Cursor cursor, ResetReason reason) {
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"reset\",\"reason\":\"" + reason + "\"}";
        return utf8(isSse() ? "id:" + cursor + "\nevent:reset\ndata:" + data + "\n\n" : data + "\n");
    }

    /** Encodes the notice that all events up to this position have been sent. */
    byte[] live(Cursor cursor) {
        return utf8(notice("live", "\"cursor\":\"" + cursor + "\""));
    }

    /** Encodes the end of a stream that does not follow: a browser that reconnects sends this position. May be empty. */
    byte[] end(Cursor cursor) {
        // Without data it is no event, and still sets the last event id.
        return utf8(isSse() ? "id:" + cursor + "\n\n" : "");
    }

    /** Encodes the notice that the stream ends soon, with its credential. */
    byte[] expiring(Instant at) {
        return utf8(notice("expiring", "\"at\":\"" + at + "\""));
    }

    /** Encodes the notice that the server ends the stream. */
    byte[] closing(ClosingReason reason, long retryMillis) {
        return isSse() ? reason.sse(retryMillis) : reason.ndjson();
    }

    @Override
    public String toString() {
        return wireName();
    }

    private String notice(String type, String fields) {
        var data = "{\"type\":\"" + type + "\"," + fields + "}";
        return isSse() ? "event:" + type + "\ndata:" + data + "\n\n" : data + "\n";
    }

    /**
     * Escapes U+0085, U+2028 and U+2029 in JSON, where they occur in texts only. Clients that split lines by Unicode's
     * rules, such as Python's {@code splitlines}, would cut an event there.
     */
    private static String escapeLineEnds(String json) {
        var from = 0;
        @Nullable StringBuilder escaped = null;
        for (var i = 0; i < json.length(); i++) {
            var c = json.charAt(i);
            if (c == '\u0085' || c == '\u2028' || c == '\u2029') {
                escaped = escaped == null ? new StringBuilder(json.length() + 64) : escaped;
                escaped.append(json, from, i).append("\\u%04x".formatted((int) c));
                from = i + 1;
            }
        }
        return escaped == null
                ? json
                : escaped.append(json, from, json.length()).toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
