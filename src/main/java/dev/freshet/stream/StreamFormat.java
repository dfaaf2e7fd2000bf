package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.http.ClosingReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wire format of streams. Equal formats encode alike, so subscribers with equal formats share the bytes. Called on event
 * loops by many threads, so its methods must be quick and safe.
 */
public interface StreamFormat {

    /** Returns whether it is a format of server-sent events. A stream that can't open is then refused with status 200. */
    boolean isSse();

    /** Returns whether events need {@code body} and {@code html} of their article. */
    boolean content();

    /**
     * Encodes an event of the log.
     *
     * @param leaves whether to encode it as a withdrawal, since the article left the subscriber's feed
     */
    byte[] event(Cursor cursor, LogEntry entry, boolean leaves);

    /** Encodes the first bytes of a stream, which show clients and proxies that it works; may be empty. */
    byte[] greeting(long retryMillis);

    /** Encodes a heartbeat, which keeps a silent connection open. */
    byte[] heartbeat();

    /** Encodes a reset: events before this position may be missing. */
    byte[] reset(Cursor cursor, ResetReason reason);

    /** Encodes the notice that all events up to this position have been sent. */
    byte[] live(Cursor cursor);

    /** Encodes the end of a stream that does not follow: a browser that reconnects sends this position. May be empty. */
    byte[] end(Cursor cursor);

    /** Encodes the notice that the stream ends soon, with its credential. */
    byte[] expiring(Instant at);

    /**
     * Encodes the notice that the server ends the stream.
     *
     * @param retryMillis delay after which a browser reconnects
     */
    byte[] closing(ClosingReason reason, long retryMillis);

    /**
     * Escapes U+0085, U+2028 and U+2029 in JSON, where they occur in texts only. Clients that split lines by Unicode's
     * rules, such as Python's {@code splitlines}, would cut an event there.
     */
    static String singleLine(String json) {
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
}
