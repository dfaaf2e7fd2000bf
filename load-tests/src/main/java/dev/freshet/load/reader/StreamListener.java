package dev.freshet.load.reader;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Receives what arrives on one stream, in order, on the client's event loop. A method must return quickly, since all
 * streams of the client wait for it.
 */
public interface StreamListener {

    /** How a connection ended. */
    enum End {
        /** The server ended the response properly. */
        COMPLETE,
        /** The connection was lost, or was silent for too long. */
        LOST,
        /** No connection was established. */
        REFUSED,
        /** {@link OpenStream#close} or {@link OpenStream#cut} was called. */
        CLOSED
    }

    /**
     * Called when the response headers have arrived.
     *
     * @param headers by their names in lower case
     */
    void opened(int status, Map<String, String> headers);

    /**
     * Called for each event and each heartbeat. The bytes belong to the client and are valid during the call only.
     *
     * @param bytes contains a block of server-sent events without its empty line, or a line of NDJSON without its end;
     *     a response with another type is one event, at its end
     * @param from the index of the first byte
     * @param to the index after the last byte; equal to {@code from} for an empty line
     * @param atNanos the time of arrival, as of {@link System#nanoTime}
     */
    void event(ByteBuf bytes, int from, int to, long atNanos);

    /** Called once, after everything else. */
    void ended(End end);
}
