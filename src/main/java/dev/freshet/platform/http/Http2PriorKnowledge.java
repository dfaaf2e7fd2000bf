package dev.freshet.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.function.Supplier;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/**
 * Supports HTTP/2 in clear text for clients that know it beforehand and begin with its preface (RFC 9113, section 3.3).
 * Each connection begins as HTTP/1.1, and becomes HTTP/2 when the preface has arrived. Reactor Netty's own support creates
 * the objects of HTTP/2 for each connection, which take more memory than the rest of an idle connection.
 *
 * <p>The upgrade from HTTP/1.1, which RFC 9113 has deprecated, is not supported. A server may ignore the upgrade request.
 */
final class Http2PriorKnowledge extends ByteToMessageDecoder {

    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf()).asReadOnly();

    private final Supplier<ChannelInitializer<?>> http2;

    private Http2PriorKnowledge(Supplier<ChannelInitializer<?>> http2) {
        this.http2 = http2;
    }

    /** Adds it to a server without TLS. Settings that are made later apply to HTTP/1.1 only. */
    static HttpServer on(HttpServer server) {
        var http2 = server.protocol(HttpProtocol.H2C).configuration();
        return server.protocol(HttpProtocol.HTTP11).doOnChannelInit((observer, channel, address) -> {
            var pipeline = channel.pipeline();
            // The time for the preface is limited as that for a request line.
            var timeout = pipeline.context(RequestHeaderTimeout.class);
            pipeline.addAfter(
                    timeout.name(),
                    null,
                    new Http2PriorKnowledge(() -> http2.channelInitializer(observer, address, true)));
        });
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> forward) {
        var length = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
        if (!ByteBufUtil.equals(bytes, bytes.readerIndex(), PREFACE, 0, length)) {
            // The decoder of HTTP/1.1 receives the collected bytes.
            context.pipeline().remove(this);
        } else if (length == PREFACE.readableBytes()) {
            begin(context.pipeline(), bytes.readRetainedSlice(bytes.readableBytes()));
        }
    }

    private void begin(ChannelPipeline pipeline, ByteBuf bytes) {
        pipeline.toMap().values().forEach(pipeline::remove);
        pipeline.addLast(http2.get());
        pipeline.fireChannelRead(bytes);
        pipeline.fireChannelReadComplete();
    }
}
