package dev.freshet.load.reader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One connection: sends the request, decodes the response and calls the listener. */
final class StreamHandler extends ChannelInboundHandlerAdapter {

    private final StreamRequest request;
    private final StreamListener listener;
    private final ResponseDecoder decoder;
    private boolean left;
    private boolean ended;

    StreamHandler(StreamRequest request, StreamListener listener) {
        this.request = request;
        this.listener = listener;
        this.decoder = new ResponseDecoder(listener);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.wrappedBuffer(request.bytes()));
        if (request.bytesPerSecond() > 0) {
            var reads = context.executor().scheduleAtFixedRate(context::read, 0, 1, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(closed -> reads.cancel(false));
        }
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (!ended && decoder.decode(bytes, System.nanoTime())) {
                context.close();
                end(StreamListener.End.COMPLETE);
            }
        } finally {
            bytes.release();
        }
    }

    /** Closes the connection on behalf of the stream's user; on the event loop. */
    void leave(Channel channel) {
        left = true;
        channel.close();
    }

    /** Reports that no connection was established. */
    void refused() {
        end(left ? StreamListener.End.CLOSED : StreamListener.End.REFUSED);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(
                left
                        ? StreamListener.End.CLOSED
                        : decoder.endOfConnection(System.nanoTime())
                                ? StreamListener.End.COMPLETE
                                : StreamListener.End.LOST);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        // A reset or a time without a byte is the end of a stream. Anything else is a fault of the generator or the
        // server.
        if (!(failure instanceof IOException || failure instanceof ReadTimeoutException)) {
            System.err.println("A stream of " + request.target() + " failed: " + failure);
        }
        context.close();
    }

    private void end(StreamListener.End end) {
        if (!ended) {
            ended = true;
            decoder.release();
            listener.ended(end);
        }
    }
}
