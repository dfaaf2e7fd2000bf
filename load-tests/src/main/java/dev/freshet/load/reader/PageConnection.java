package dev.freshet.load.reader;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** A persistent connection that carries one request at a time. For use on its event loop only. */
abstract sealed class PageConnection permits Http1Connection, Http2Connection {

    /** Receives what happens on connections, on their event loop. */
    interface Owner {

        /** The connection is established and idle. */
        void connected(PageConnection connection);

        /** The response of a request is complete. */
        void answered(PageConnection connection, Exchange exchange, int status, long length, String etag);

        /**
         * The connection is closed, or was never established.
         *
         * @param unanswered the request without a complete response; null if none
         */
        void closed(PageConnection connection, @Nullable Exchange unanswered);
    }

    /**
     * A request and its due time.
     *
     * @param attempts the number of connections that closed before its response
     */
    record Exchange(PageRequest request, long due, int attempts) {}

    private final Owner owner;
    private final int server;
    private @Nullable Exchange current;
    private boolean closed;

    /** @param server the number of the server to which it connects */
    PageConnection(Owner owner, int server) {
        this.owner = owner;
        this.server = server;
    }

    final int server() {
        return server;
    }

    /** Adds the handlers of the protocol. */
    abstract void begin(Channel channel);

    /** Sends a request; the connection must be idle. */
    final void send(Exchange exchange) {
        current = exchange;
        write(exchange.request());
    }

    abstract void write(PageRequest request);

    /** Returns whether the connection accepts a further request. */
    abstract boolean isReusable();

    abstract void close();

    final boolean isBusy() {
        return current != null;
    }

    final void connected() {
        owner.connected(this);
    }

    final void answered(int status, long length, String etag) {
        var exchange = current;
        current = null;
        if (exchange == null) {
            close();
        } else {
            owner.answered(this, exchange, status, length, etag);
        }
    }

    /** Reports the end of the connection, once. */
    final void closed() {
        if (!closed) {
            closed = true;
            var exchange = current;
            current = null;
            owner.closed(this, exchange);
        }
    }
}
