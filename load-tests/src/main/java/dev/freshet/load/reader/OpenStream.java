package dev.freshet.load.reader;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;

/** An open stream of a {@link StreamClient}. For use by any thread. */
public final class OpenStream {

    private final EventLoop loop;
    private final Channel channel;
    private final StreamHandler handler;

    OpenStream(EventLoop loop, Channel channel, StreamHandler handler) {
        this.loop = loop;
        this.channel = channel;
        this.handler = handler;
    }

    /** Closes the connection, without waiting for it. */
    public void close() {
        loop.execute(() -> handler.leave(channel));
    }

    /** Closes the connection abruptly (RST), as a lost network does, without waiting for it. */
    public void cut() {
        loop.execute(() -> {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            handler.leave(channel);
        });
    }
}
