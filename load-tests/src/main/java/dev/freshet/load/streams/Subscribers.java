package dev.freshet.load.streams;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Many readers of server-sent events over HTTP/1.1, on one event loop. Each checks that it receives all events of each
 * publisher, in order and once, by their {@link Marker}s; it skips the rest of a response. It must cost less than any
 * server that it measures: it allocates nothing per event.
 */
public final class Subscribers implements AutoCloseable {

    /** The maximum number: each takes a file, and so does the server's end. */
    static final int MAX_SUBSCRIBERS = 19_000;

    private static final int PUBLISHERS = 100;
    // A client address has some 28,000 ports. Several addresses leave room for ports in TIME_WAIT.
    private static final int ADDRESSES = 16;
    private static final AtomicInteger ADDRESS = new AtomicInteger();
    private static final int SLOW_BYTES = 1024;
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(32 * 1024);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * The events received since the last call.
     *
     * @param events deliveries, each of one event to one subscriber
     * @param faults deliveries that were not the next of their publisher, since the first
     * @param latency from the due time to the receipt, in nanoseconds
     */
    public record Received(long events, long faults, Histogram latency) {}

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Channel> channels = Collections.synchronizedList(new ArrayList<>());
    // Whether subscribers record ids to reconnect with; this costs a scan of each event's bytes.
    private final boolean resuming;
    private final Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private long events;
    private long faults;
    // Written by the event loop alone; other threads see a change a moment later.
    private volatile long total;
    private volatile int begun;
    private volatile int lost;
    private volatile int refused;

    public Subscribers(boolean resuming) {
        this.resuming = resuming;
    }

    /**
     * Opens streams, and returns when each has received the first bytes of its response.
     *
     * @param path by the number of the subscriber
     * @param slow whether each reads 1 KiB a second instead of as fast as it can
     */
    public void open(InetSocketAddress server, int count, IntFunction<String> path, boolean slow)
            throws InterruptedException {
        if (channels.size() + count > MAX_SUBSCRIBERS) {
            throw new IllegalArgumentException("At most " + MAX_SUBSCRIBERS + " subscribers");
        }
        var wanted = begun + count;
        for (var i = 0; i < count; i++) {
            channels.add(new Subscriber(server, path.apply(i), slow).connect());
            // Never more at a time than a listen queue takes.
            var behind = wanted - count + i - 100;
            await(() -> begun >= behind, Duration.ofSeconds(30), "streams to begin");
        }
        await(() -> begun >= wanted, Duration.ofSeconds(60), "all streams to begin");
    }

    /** Cuts all connections at once; each subscriber reconnects within a time, with its last id. */
    void cutAll(Duration within) {
        var all = List.copyOf(channels);
        channels.clear();
        loop.next().execute(() -> {
            for (var channel : all) {
                var subscriber = channel.pipeline().get(Subscriber.class);
                if (subscriber != null) {
                    subscriber.cut(channel, ThreadLocalRandom.current().nextLong(within.toMillis() + 1));
                }
            }
        });
    }

    /** Opens one more stream and closes it as soon as it has begun, without waiting for either. */
    void visit(InetSocketAddress server, String path) {
        var subscriber = new Subscriber(server, path, false);
        subscriber.visiting = true;
        subscriber.connect();
    }

    /** Returns the number of deliveries in all. */
    public long total() {
        return total;
    }

    /** Returns the number of refused connections, each of which was tried again. */
    int refused() {
        return refused;
    }

    /** Returns the number of streams that ended without being closed here. */
    public int lost() {
        return lost;
    }

    /** Returns the events received since the last call. */
    public Received take() {
        return loop.next()
                .submit(() -> {
                    var received = new Received(events, faults, latency.copy());
                    events = 0;
                    latency.reset();
                    return received;
                })
                .syncUninterruptibly()
                .getNow();
    }

    public static void await(java.util.function.BooleanSupplier condition, Duration patience, String what)
            throws InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Timed out waiting for " + what);
            }
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 30, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Subscriber extends ChannelInboundHandlerAdapter {

        private final InetSocketAddress server;
        private final String path;
        private final boolean slow;
        private final long[] next = new long[PUBLISHERS];
        private ByteBuf rest = Unpooled.EMPTY_BUFFER;
        private String lastId = "";
        private boolean open;
        private boolean leaving;
        private boolean visiting;

        Subscriber(InetSocketAddress server, String path, boolean slow) {
            this.server = server;
            this.path = path;
            this.slow = slow;
            Arrays.fill(next, -1);
        }

        Channel connect() {
            var bootstrap = new Bootstrap().group(loop).channel(EpollSocketChannel.class);
            if (slow) {
                bootstrap
                        .option(ChannelOption.SO_RCVBUF, 4096)
                        .option(ChannelOption.AUTO_READ, false)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(SLOW_BYTES).maxMessagesPerRead(1));
            } else {
                bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, READS);
            }
            var from = new InetSocketAddress("127.0.0." + (2 + ADDRESS.getAndIncrement() % ADDRESSES), 0);
            var connecting = bootstrap.handler(this).connect(server, from);
            connecting.addListener(done -> {
                if (!done.isSuccess()) {
                    refused++;
                    loop.next().schedule(() -> channels.add(connect()), 100, TimeUnit.MILLISECONDS);
                }
            });
            return connecting.channel();
        }

        /** Closes the connection abruptly, and reconnects later. */
        void cut(Channel channel, long afterMillis) {
            leaving = true;
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            rest = Unpooled.EMPTY_BUFFER;
            loop.next()
                    .schedule(
                            () -> {
                                leaving = false;
                                channels.add(connect());
                            },
                            afterMillis,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public boolean isSharable() {
            // The connections of a subscriber, one after the other.
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var last = lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n";
            context.writeAndFlush(Unpooled.copiedBuffer(
                    "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + last + "\r\n",
                    StandardCharsets.US_ASCII));
            if (slow) {
                context.executor().scheduleAtFixedRate(context::read, 0, 1, TimeUnit.SECONDS);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var bytes = (ByteBuf) message;
            if (!open) {
                open = true;
                begun++;
            }
            if (rest.isReadable()) {
                bytes = Unpooled.wrappedBuffer(rest, bytes);
                rest = Unpooled.EMPTY_BUFFER;
            }
            scan(resuming ? wholeEvents(bytes) : bytes);
            bytes.release();
            if (visiting) {
                leaving = true;
                context.close();
            }
        }

        private void scan(ByteBuf bytes) {
            var end = bytes.writerIndex();
            var now = System.nanoTime();
            for (var at = bytes.indexOf(bytes.readerIndex(), end, (byte) '#');
                    at >= 0;
                    at = bytes.indexOf(at, end, (byte) '#')) {
                if (at + Marker.LENGTH > end) {
                    // The other half arrives with the next bytes.
                    rest = Unpooled.copiedBuffer(bytes.slice(at, end - at));
                    return;
                }
                if (Marker.isAt(bytes, at)) {
                    note(bytes, at, now);
                    at += Marker.LENGTH;
                } else {
                    at++;
                }
            }
        }

        private void note(ByteBuf bytes, int at, long now) {
            var publisher = Marker.publisher(bytes, at);
            var count = Marker.count(bytes, at);
            if (next[publisher] >= 0 && count != next[publisher]) {
                faults++;
            }
            next[publisher] = count + 1;
            events++;
            total++;
            if (!slow) {
                latency.recordValue(Math.clamp(now - Marker.nanos(bytes, at), 1, LONGEST_NANOS));
            }
        }

        /** Keeps the bytes after the last whole event for later, and records the last id. */
        private ByteBuf wholeEvents(ByteBuf bytes) {
            for (var end = bytes.writerIndex(); end > bytes.readerIndex() + 1; end--) {
                if (bytes.getByte(end - 1) == '\n' && bytes.getByte(end - 2) == '\n') {
                    rest = Unpooled.copiedBuffer(bytes.slice(end, bytes.writerIndex() - end));
                    bytes.writerIndex(end);
                    noteId(bytes);
                    return bytes;
                }
            }
            rest = Unpooled.copiedBuffer(bytes);
            bytes.writerIndex(bytes.readerIndex());
            return bytes;
        }

        private void noteId(ByteBuf bytes) {
            for (var at = bytes.writerIndex() - 5; at >= bytes.readerIndex(); at--) {
                if (bytes.getByte(at) == '\n'
                        && bytes.getByte(at + 1) == 'i'
                        && bytes.getByte(at + 2) == 'd'
                        && bytes.getByte(at + 3) == ':') {
                    var end = bytes.indexOf(at + 4, bytes.writerIndex(), (byte) '\n');
                    lastId = bytes.toString(at + 4, end - at - 4, StandardCharsets.US_ASCII);
                    return;
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!leaving) {
                lost++;
                if (resuming) {
                    cut(context.channel(), 500);
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
