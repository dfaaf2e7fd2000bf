package dev.freshet.load.reader;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One event loop and its connections. Netty's loop ends without closing its connections if it is told to end at an unlucky
 * moment, between its look for that and its last tasks. Thousands of files would then stay open, so they are closed first.
 */
public final class ClientLoop implements AutoCloseable {

    private static final int MAX_SECONDS = 30;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private volatile boolean closing;

    /** Returns a bootstrap of connections on this loop. */
    public Bootstrap bootstrap() {
        return new Bootstrap().group(group).channelFactory(this::channel);
    }

    /** Returns the event loop. */
    public EventLoop loop() {
        return group.next();
    }

    /** Returns whether connections end because this loop does. */
    public boolean isClosing() {
        return closing;
    }

    private Channel channel() {
        var channel = new EpollSocketChannel();
        channel.pipeline().addLast(new Registration());
        return channel;
    }

    /** Adds a channel to those that are closed once it has an event loop, since before that it can't be closed. */
    private final class Registration extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRegistered(ChannelHandlerContext context) {
            channels.add(context.channel());
            context.fireChannelRegistered();
            context.pipeline().remove(this);
        }
    }

    /** Closes all connections and ends the event loop, each within 30 s. */
    @Override
    public void close() {
        closing = true;
        channels.close().awaitUninterruptibly(MAX_SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(0, MAX_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
