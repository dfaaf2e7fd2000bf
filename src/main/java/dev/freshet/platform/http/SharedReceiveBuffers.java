package dev.freshet.platform.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import reactor.netty.http.server.HttpServer;

/**
 * Chooses the size of receive buffers by the last reads of an event loop. Netty's default does so for each connection, and
 * keeps the state of it as long as the connection is open. An event loop reads from one connection at a time.
 */
final class SharedReceiveBuffers implements RecvByteBufAllocator {

    // Netty's default for sockets.
    private static final int MAX_READS_PER_TURN = 16;

    private final RecvByteBufAllocator adaptive =
            new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(MAX_READS_PER_TURN);
    private final FastThreadLocal<ExtendedHandle> handles = new FastThreadLocal<>() {
        @Override
        protected ExtendedHandle initialValue() {
            return (ExtendedHandle) adaptive.newHandle();
        }
    };

    private SharedReceiveBuffers() {}

    /** Adds them to the connections of a server. */
    static HttpServer on(HttpServer server) {
        return server.childOption(ChannelOption.RECVBUF_ALLOCATOR, new SharedReceiveBuffers());
    }

    /** Called on the event loop of the connection. */
    @Override
    public ExtendedHandle newHandle() {
        return handles.get();
    }
}
