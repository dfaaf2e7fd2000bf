package dev.freshet.graphql;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/**
 * The connection of one WebSocket: frames, heartbeats and the closing handshake. Messages are written straight to the
 * channel. While it is not writable, nothing is read, so a client that doesn't read its responses can't request more.
 *
 * <p>All methods are called on the connection's event loop, except {@link #loop} and {@link #pendingBytes}.
 */
final class SocketConnection extends ChannelInboundHandlerAdapter {

    /** Receives the events of the connection, on its event loop. */
    interface Listener {

        /** Messages may be sent. */
        void opened();

        void received(String message);

        /** The connection is writable again. */
        void writable();

        /** Returns whether the connection carries streams, whose own limit applies to a client that doesn't read. */
        boolean isStreaming();

        /** The connection was closed; called once. */
        void closed();
    }

    static final WebSocketCloseStatus BAD_REQUEST = new WebSocketCloseStatus(4400, "Send JSON as text");

    private static final Logger log = LoggerFactory.getLogger(SocketConnection.class);
    private static final long MAX_CLOSE_SECONDS = 10;
    private static final int MAX_SILENT_PINGS = 3;

    private final Channel channel;
    // Before the handlers that put messages together.
    private final ChannelHandler entry = new ChannelInboundHandlerAdapter();
    private final Listener listener;
    private final Future<?> pings;
    private @Nullable ChannelHandlerContext context;
    private boolean closing;
    private boolean received;
    private int silentPings;

    private SocketConnection(
            Channel channel, long pingMillis, Function<? super SocketConnection, ? extends Listener> listener) {
        this.channel = channel;
        this.pings = channel.eventLoop().scheduleAtFixedRate(this::ping, pingMillis, pingMillis, TimeUnit.MILLISECONDS);
        this.listener = listener.apply(this);
    }

    /**
     * Takes over a connection whose handshake has succeeded. Called on its event loop.
     *
     * @param listener creates the listener of the connection
     * @return the connection, for messages that arrived before
     */
    static SocketConnection attach(
            Connection connection,
            GraphQlSettings.Socket settings,
            Function<? super SocketConnection, ? extends Listener> listener) {
        var channel = connection.channel();
        var attached = new SocketConnection(channel, settings.ping().toMillis(), listener);
        channel.pipeline()
                .addBefore(NettyPipeline.ReactiveBridge, null, attached.entry)
                .addBefore(NettyPipeline.ReactiveBridge, null, new Utf8FrameValidator())
                .addBefore(NettyPipeline.ReactiveBridge, null, new WebSocketFrameAggregator(settings.maxMessageBytes()))
                .addBefore(NettyPipeline.ReactiveBridge, null, attached);
        attached.listener.opened();
        if (channel.isActive()) {
            channel.config().setAutoRead(true);
        } else {
            attached.closed();
        }
        return attached;
    }

    /** Handles a frame that arrived before the connection was taken over. */
    void receiveEarly(WebSocketFrame frame) {
        channel.pipeline().context(entry).fireChannelRead(frame.retain());
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Returns the count of bytes in the write buffer. Called by any thread. */
    long pendingBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Writes a message and flushes it. */
    void send(byte[] message) {
        write(Unpooled.wrappedBuffer(message));
        flush();
    }

    /** Writes a message; it owns the bytes from now on. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
    void write(ByteBuf message) {
        var to = context;
        if (to == null || closing) {
            message.release();
        } else {
            to.write(new TextWebSocketFrame(message));
        }
    }

    void flush() {
        channel.flush();
    }

    /** Sends the reason, and closes the connection after the client has responded to it. */
    @SuppressWarnings("FutureReturnValueIgnored") // no caller waits for it
    void close(WebSocketCloseStatus status) {
        var to = context;
        if (to == null || closing) {
            return;
        }
        closing = true;
        to.writeAndFlush(new CloseWebSocketFrame(status));
        // Closed before the client has read the reason, the connection could lose it.
        channel.config().setAutoRead(true);
        var cut = loop().schedule(() -> channel.close(), MAX_CLOSE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(gone -> cut.cancel(false));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // no caller waits for it
    private void ping() {
        if (received || (!isWritable() && listener.isStreaming())) {
            silentPings = 0;
        } else if (++silentPings == MAX_SILENT_PINGS) {
            channel.close();
            return;
        }
        received = false;
        if (isWritable()) {
            send(SocketMessages.PING);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        received = true;
        try {
            if (message instanceof CloseWebSocketFrame) {
                answerClose(from);
            } else if (!closing) {
                handle(from, message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
    private void handle(ChannelHandlerContext from, Object message) {
        switch (message) {
            case TextWebSocketFrame text -> listener.received(text.text());
            case BinaryWebSocketFrame binary -> close(BAD_REQUEST);
            case PingWebSocketFrame ping ->
                from.write(new PongWebSocketFrame(ping.content().retain()));
            default -> {}
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // no caller waits for it
    private void answerClose(ChannelHandlerContext from) {
        if (closing) {
            from.close();
        } else {
            closing = true;
            from.writeAndFlush(new CloseWebSocketFrame()).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        from.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        var isWritable = channel.isWritable();
        channel.config().setAutoRead(isWritable || closing);
        if (isWritable && !closing) {
            listener.writable();
        }
        from.fireChannelWritabilityChanged();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // no caller waits for it
    public void exceptionCaught(ChannelHandlerContext from, Throwable failure) {
        switch (failure) {
            // The decoder has sent the reason.
            case CorruptedWebSocketFrameException corrupted -> closing = true;
            case TooLongFrameException tooLong -> close(WebSocketCloseStatus.MESSAGE_TOO_BIG);
            // The client disconnected, perhaps within a message, or broke TLS.
            case IOException broken -> from.close();
            case CodecException broken -> from.close();
            default -> {
                log.error("A socket ends with a fault.", failure);
                close(WebSocketCloseStatus.INTERNAL_SERVER_ERROR);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        closed();
        from.fireChannelInactive();
    }

    private void closed() {
        closing = true;
        pings.cancel(false);
        listener.closed();
    }
}
