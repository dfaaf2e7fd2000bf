package dev.freshet.load.reader;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection over HTTP/2 with prior knowledge (RFC 9113, section 3.3). */
final class Http2Connection extends PageConnection {

    private final Http2ConnectionHandler http2 = new Http2ConnectionHandlerBuilder()
            .server(false)
            .frameListener(new Frames())
            .gracefulShutdownTimeoutMillis(0)
            .build();
    private @Nullable ChannelHandlerContext context;
    private int status;
    private long length;
    private String etag = "";

    Http2Connection(Owner owner, int server) {
        super(owner, server);
    }

    @Override
    void begin(Channel opened) {
        opened.pipeline().addLast(http2, new Ends());
        context = opened.pipeline().context(http2);
    }

    @Override
    void write(PageRequest request) {
        var connected = Objects.requireNonNull(context);
        status = 0;
        length = 0;
        etag = "";
        var id = http2.connection().local().incrementAndGetNextStreamId();
        http2.encoder().writeHeaders(connected, id, request.http2(), 0, true, connected.newPromise());
        connected.flush();
    }

    @Override
    boolean isReusable() {
        var connected = context;
        return connected != null
                && connected.channel().isActive()
                && !http2.connection().goAwayReceived();
    }

    @Override
    void close() {
        var connected = context;
        if (connected != null) {
            connected.channel().close();
        }
    }

    private final class Frames extends Http2FrameAdapter {

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from, int id, Http2Headers headers, int padding, boolean endOfStream) {
            var code = headers.status();
            if (code != null) {
                status = Integer.parseInt(code.toString());
                var tag = headers.get("etag");
                etag = tag == null ? "" : tag.toString();
            }
            end(endOfStream);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            onHeadersRead(from, id, headers, padding, endOfStream);
        }

        @Override
        public int onDataRead(ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean endOfStream) {
            var bytes = data.readableBytes();
            length += bytes;
            end(endOfStream);
            return bytes + padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int id, long code) {
            close();
        }

        private void end(boolean endOfStream) {
            if (endOfStream) {
                answered(status, length, etag);
            }
        }
    }

    private final class Ends extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext from) {
            connected();
        }

        @Override
        public void channelInactive(ChannelHandlerContext from) {
            closed();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable failure) {
            from.close();
        }
    }
}
