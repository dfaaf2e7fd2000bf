package dev.freshet.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerState;

/**
 * Closes a connection whose client takes too long to send a request line and headers. An idle timeout does not detect a
 * client that sends a byte now and then. Over HTTP/2 the limit applies to each frame except DATA frames. It closes the
 * whole connection, which can carry nothing else until the frame ends.
 */
final class RequestHeaderTimeout extends ChannelInboundHandlerAdapter {

    private final Duration longest;
    private final @Nullable Duration idle;

    // Accessed on the event loop only.
    private final Http2FrameTracker frames = new Http2FrameTracker();
    private boolean answering;
    private boolean begun;
    private @Nullable Future<?> timer;

    private RequestHeaderTimeout(Duration longest, @Nullable Duration idle) {
        this.longest = longest;
        this.idle = idle;
    }

    /**
     * Adds the timeout to each connection of a server.
     *
     * @param idle idle timeout of HTTP/2 connections; null for none
     */
    public static HttpServer on(HttpServer server, Duration longest, @Nullable Duration idle) {
        return server.doOnChannelInit((observer, channel, address) -> {
                    var timer = new RequestHeaderTimeout(longest, idle);
                    var pipeline = channel.pipeline();
                    if (pipeline.get(NettyPipeline.SslHandler) == null) {
                        pipeline.addFirst(timer);
                    } else {
                        pipeline.addAfter(NettyPipeline.SslHandler, null, timer);
                    }
                    // A connection of HTTP/2 has no bridge, its streams have.
                    if (pipeline.get(NettyPipeline.ReactiveBridge) != null) {
                        pipeline.addBefore(NettyPipeline.ReactiveBridge, null, timer.new BodyEnd());
                    }
                })
                .childObserve(RequestHeaderTimeout::observe);
    }

    private static void observe(Connection connection, ConnectionObserver.State state) {
        var isHead = HttpServerState.REQUEST_RECEIVED.equals(state);
        if (isHead || HttpServerState.DISCONNECTING.equals(state)) {
            // A stream channel of HTTP/2 has no timeout.
            var timer = connection.channel().pipeline().get(RequestHeaderTimeout.class);
            if (timer != null) {
                timer.answering(isHead);
            }
        }
    }

    private void answering(boolean on) {
        answering = on;
        begun = false;
        cancel();
    }

    /** Detects the end of a body that arrived after its response: no more bytes are expected. */
    private final class BodyEnd extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof LastHttpContent) {
                begun = false;
                cancel();
            }
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var wasHttp2 = frames.areSpoken();
        if (message instanceof ByteBuf bytes && frames.follow(bytes)) {
            cancel();
        }
        if (idle != null && !wasHttp2 && frames.areSpoken()) {
            Http2IdleTimeout.start(context.channel(), idle);
        }
        begun = frames.areSpoken() ? frames.isWithin() : !answering;
        context.fireChannelRead(message);
    }

    /** Most headers arrive at once, and need no timer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (begun && timer == null) {
            timer = context.executor().schedule(() -> giveUp(context), longest.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelReadComplete();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends the connection in any case
    private void giveUp(ChannelHandlerContext context) {
        if (frames.areSpoken()) {
            if (begun) {
                context.fireExceptionCaught(Http2Exception.connectionError(
                        Http2Error.ENHANCE_YOUR_CALM, "The request line and headers took too long."));
            }
            return;
        }
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT);
        answer.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        context.channel().writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancel();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
