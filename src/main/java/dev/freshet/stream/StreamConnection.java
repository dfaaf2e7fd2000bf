package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

/**
 * The connection of one stream. The web server handles the request and the response's headers as usual. Once the headers are
 * written, this handler takes over the connection and removes the handlers of HTTP. So an open stream costs neither an
 * exchange nor a chain of operators. Its bytes are written straight to the socket (HTTP/1.1) or to the frames of its
 * stream (HTTP/2). No other class of this package uses channels and pipelines.
 *
 * <p>All methods are called on the connection's event loop, except {@link #attach}, {@link #bytes} and {@link
 * #pendingBytes}.
 */
final class StreamConnection extends ChannelDuplexHandler implements StreamChannel {

    private static final long MAX_CLOSE_SECONDS = 10;
    // The attribute of Reactor Netty.
    private static final AttributeKey<Object> EXCHANGE = AttributeKey.valueOf("$CONNECTION");

    private final Channel channel;
    private final boolean multiplexed;
    private final Listener listener;
    private Framing framing = Framing.PLAIN;
    private @Nullable ChannelHandlerContext context;
    // The web server's view of the request; null once the connection is taken over.
    private @Nullable Connection exchange;
    private boolean taken;
    private boolean closed;
    private long bytes;

    private StreamConnection(Connection connection, Function<? super StreamConnection, ? extends Listener> listener) {
        this.channel = connection.channel();
        this.exchange = connection;
        this.multiplexed = channel instanceof Http2StreamChannel;
        this.listener = listener.apply(this);
    }

    /** Takes the connection over as soon as its response's head is written; from any thread. */
    static void attach(Connection exchange, Function<? super StreamConnection, ? extends Listener> listener) {
        var attached = new StreamConnection(exchange, listener);
        attached.channel.pipeline().addLast(attached);
        if (!attached.channel.isActive()) {
            attached.loop().execute(attached::close);
        }
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long pendingBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public void send(byte[] notice) {
        if (notice.length > 0) {
            send(framing.frame(ByteBufAllocator.DEFAULT, List.of(notice)));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
    public void send(ByteBuf framed) {
        bytes += framed.readableBytes();
        var to = context;
        if (to == null || closed) {
            framed.release();
        } else if (multiplexed) {
            to.writeAndFlush(new DefaultHttpContent(framed));
        } else {
            to.writeAndFlush(framed, to.voidPromise());
        }
    }

    /** Ends the response, and closes the connection as soon as the client has taken the last bytes. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // no caller waits for it
    public void end(ClosingReason reason) {
        var to = context;
        if (to == null || closed) {
            return;
        }
        to.writeAndFlush(multiplexed ? new DefaultLastHttpContent(framing.end()) : framing.end())
                .addListener(ChannelFutureListener.CLOSE);
        // A client that does not read never takes the last bytes.
        var cut = loop().schedule(() -> to.close(), MAX_CLOSE_SECONDS, TimeUnit.SECONDS);
        to.channel().closeFuture().addListener(gone -> cut.cancel(false));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        if (taken || !(message instanceof HttpResponse response)) {
            to.write(message, promise);
            return;
        }
        if (!response.status().equals(HttpResponseStatus.OK)) {
            // The request failed before the headers were written: this is an ordinary response.
            to.write(message, promise);
            close();
            to.pipeline().remove(this);
            return;
        }
        taken = true;
        to.write(head(response));
        ReferenceCountUtil.release(message);
        promise.setSuccess();
        removeHttp();
        listener.opened();
    }

    private HttpResponse head(HttpResponse response) {
        var head = new DefaultHttpResponse(response.protocolVersion(), response.status(), response.headers());
        head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        if (!multiplexed) {
            if (head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
                framing = Framing.CHUNKED;
            }
            HttpUtil.setTransferEncodingChunked(head, framing == Framing.CHUNKED);
            HttpUtil.setKeepAlive(head, false);
        }
        return head;
    }

    /**
     * Removes the handlers of HTTP: from now on the web server can only close this connection. The last handler is
     * removed first, since a decoder passes on the bytes that it holds when it is removed, such as the body of the request.
     */
    @SuppressWarnings("deprecation") // an attribute without a value takes memory too
    private void removeHttp() {
        if (exchange != null) {
            // The web server asks every open channel for its exchange when it stops, and this one has none.
            channel.attr(EXCHANGE).getAndRemove();
            // The end of the exchange creates the attribute again.
            loop().execute(() -> channel.attr(EXCHANGE).getAndRemove());
            exchange = null;
        }
        var handlers = List.copyOf(channel.pipeline().toMap().entrySet());
        for (var entry : handlers.reversed()) {
            if (entry.getValue() != this && !isTransport(entry.getValue())) {
                channel.pipeline().remove(entry.getKey());
            }
        }
        // The web server stops reading within a body. Only a read detects that the client has disconnected.
        channel.config().setAutoRead(true);
    }

    private static boolean isTransport(ChannelHandler handler) {
        return handler instanceof SslHandler || handler instanceof Http2StreamFrameToHttpObjectCodec;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        if (taken) {
            // A stream is the last response of its connection: bodies and further requests are ignored.
            ReferenceCountUtil.release(message);
        } else {
            from.fireChannelRead(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (!taken) {
            from.fireChannelWritabilityChanged();
        } else if (isWritable()) {
            listener.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        from.fireChannelInactive();
        close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext from) {
        close();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // no caller waits for it
    public void exceptionCaught(ChannelHandlerContext from, Throwable failure) {
        if (taken) {
            // Usually the client disconnected. The stream can't continue after any failure.
            from.close();
        } else {
            from.fireExceptionCaught(failure);
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            listener.closed();
        }
    }
}
