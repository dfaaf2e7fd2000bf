package dev.freshet.load.reader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection over HTTP/1.1. */
final class Http1Connection extends PageConnection {

    private final ResponseParser answer = new ResponseParser();
    private @Nullable Channel channel;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    Http1Connection(Owner owner, int server) {
        super(owner, server);
    }

    @Override
    void begin(Channel opened) {
        channel = opened;
        opened.pipeline().addLast(new Handler());
    }

    @Override
    void write(PageRequest request) {
        var connected = Objects.requireNonNull(channel);
        answer.expectNext();
        connected.writeAndFlush(ByteBufUtil.writeAscii(connected.alloc(), request.http1()), connected.voidPromise());
    }

    @Override
    boolean isReusable() {
        var connected = channel;
        return connected != null && connected.isActive() && !answer.isLast();
    }

    @Override
    void close() {
        var connected = channel;
        if (connected != null) {
            connected.close();
        }
    }

    private final class Handler extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var bytes = (ByteBuf) message;
            if (rest.isReadable()) {
                bytes = Unpooled.wrappedBuffer(rest, bytes);
            }
            var complete = answer.read(bytes);
            rest = bytes.isReadable() ? Unpooled.copiedBuffer(bytes) : Unpooled.EMPTY_BUFFER;
            bytes.release();
            if (complete) {
                answered(answer.status(), answer.length(), answer.etag());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            closed();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
