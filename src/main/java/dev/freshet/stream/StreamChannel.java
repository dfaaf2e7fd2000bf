package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Function;

/**
 * Carries one stream to its client. All methods are called on its event loop, except {@link #bytes} and {@link
 * #pendingBytes}.
 */
public interface StreamChannel {

    /** Receives the events of a channel, on its event loop. */
    interface Listener {

        /** Bytes may follow. */
        void opened();

        /** The channel is writable again. */
        void writable();

        /** The channel was closed, or never opened; called once. */
        void closed();

        /** Sends the reason to the client, and ends the stream. */
        void close(ClosingReason reason);
    }

    /** Creates the channel of a stream that may open. */
    @FunctionalInterface
    interface Source {

        /** Creates the channel with its listener, and reports to it that the channel is open. */
        void attach(Function<? super StreamChannel, ? extends Listener> listener);
    }

    EventLoop loop();

    /** Returns the framing of its bytes, known once it is opened. */
    Framing framing();

    boolean isWritable();

    /** Returns the count of bytes sent so far. Called by any thread. */
    long bytes();

    /** Returns the count of bytes in the write buffer. Called by any thread. */
    long pendingBytes();

    /** Frames a notice, writes it and flushes it. An empty notice is not sent. */
    void send(byte[] notice);

    /** Writes framed bytes and flushes them; it owns the bytes from now on. */
    void send(ByteBuf framed);

    /** Ends the stream, after the client has taken the last bytes. */
    void end(ClosingReason reason);
}
