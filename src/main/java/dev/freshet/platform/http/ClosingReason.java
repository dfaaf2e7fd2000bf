package dev.freshet.platform.http;

import dev.freshet.platform.WireName;
import java.nio.charset.StandardCharsets;

/** Reasons for which a stream ends or is refused, and the only encoder of the notice that reports them to clients. */
public enum ClosingReason implements WireName {
    /** The client closed the connection. Never sent. */
    DISCONNECTED,
    /** The stream reached the end that its client asked for. Never sent. */
    COMPLETE,
    /** The subscriber fell further behind than the lag limit. */
    LAGGING,
    /** The stream reached its maximum lifetime. */
    LIFETIME,
    /** The instance is about to stop. */
    DRAINING,
    /** A store that the stream needs is unavailable. */
    UNAVAILABLE,
    /** The credential that opened the stream expired, or the ticket was used before. */
    EXPIRED,
    /** The credential that opened the stream was revoked. */
    REVOKED,
    /** A fault of the server ended the stream. The server's log has its details. */
    INTERNAL,
    /** An operator closed the stream. */
    OPERATOR,
    /** The instance, the address or the account holds as many streams as it may. */
    TOO_MANY_STREAMS,
    /** The address or the account opens streams more often than its rate limit allows. */
    TOO_MANY_REQUESTS;

    /**
     * Encodes the {@code closing} event of an SSE stream.
     *
     * @param retryMillis delay after which the client reconnects
     */
    public byte[] sse(long retryMillis) {
        return utf8("retry:" + retryMillis + "\nevent:closing\ndata:" + json() + "\n\n");
    }

    /** Encodes the {@code closing} line of an NDJSON stream. */
    public byte[] ndjson() {
        return utf8(json() + "\n");
    }

    /** Returns the name as clients and metrics see it, for example {@code too-many-streams}. */
    @Override
    public String toString() {
        return wireName();
    }

    private String json() {
        return "{\"type\":\"closing\",\"reason\":\"" + this + "\"}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
