package dev.freshet.stream;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feed.OpenFollows;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Alone;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.Mockito;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** Invariant 5 in numbers: what an idle stream costs, beside the kernel's part of it. */
@Alone
@Order(1)
@Timeout(600)
class SubscriberMemoryTests {

    private static final int COUNT = 12_000;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final AtomicLong received = new AtomicLong();

    @AfterEach
    void stop() throws InterruptedException {
        loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
    }

    @Test
    void idleSubscriberUsesAtMostThreeKilobytes() throws InterruptedException {
        var ring = new Ring(64, 1 << 20, new Cursor(7, 0));
        var meters = new StreamMeters(new SimpleMeterRegistry());
        var log = Mockito.mock(FeedLog.class);
        var subscribers = new Subscribers(new StreamResources(
                ring,
                new SearchedRing(ring, log, Schedulers.immediate(), 1 << 20),
                Mockito.mock(OpenFollows.class, Mockito.CALLS_REAL_METHODS),
                new CatchUp(log, 16, 1 << 20, meters),
                Wire.settings(
                        Map.of("freshet.stream.max-streams", "1000000", "freshet.stream.max-per-address", "1000000")),
                meters));
        var empty = used();
        connect("bare", channel -> {});
        var bare = used() - empty;
        connect("streams", channel -> {
            subscribers.open(listener -> StreamConnection.attach(Connection.from(channel), listener), request());
            begin(channel);
        });
        until(() -> subscribers.all().size() == COUNT);
        var delivered = received.get();
        ring.append(RingTests.entries(1, 1));
        subscribers.news();
        until(() -> received.get() - delivered >= COUNT);
        var streams = used() - empty - bare;
        // Both ends of a connection are in this JVM. Connections without streams show the memory of the client ends.
        var each = (streams - bare / 2) / COUNT;
        assertThat(each).as("bytes of a subscriber").isPositive().isLessThanOrEqualTo(3 * 1024);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its end is seen by what it sends
    private static void begin(Channel channel) {
        channel.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER));
    }

    private void connect(String name, Consumer<Channel> server) throws InterruptedException {
        var address = new LocalAddress(name);
        new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        context.pipeline().remove(this);
                        server.accept(context.channel());
                    }

                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .bind(address)
                .sync();
        var client = new Bootstrap().group(loops).channel(LocalChannel.class).handler(new Counting());
        for (var i = 0; i < COUNT; i++) {
            // Names of Netty's own choice are hashes of 32 bits, of which a few in 100,000 are the same.
            var connecting = client.connect(address, new LocalAddress(name + i));
            if (i % 1000 == 999) {
                connecting.sync();
            }
        }
    }

    private static StreamRequest request() {
        return new StreamRequest(
                StreamClient.anonymous("127.0.0.1"),
                Feed.ALL,
                Format.SSE,
                new Cursor(7, 0),
                null,
                Long.MAX_VALUE,
                false);
    }

    private static long used() {
        for (var i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    @ChannelHandler.Sharable
    private final class Counting extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            // The response's head is no event, and neither is the greeting.
            if (message instanceof ByteBuf bytes && bytes.readableBytes() > 60) {
                received.incrementAndGet();
            }
            ReferenceCountUtil.release(message);
        }
    }
}
