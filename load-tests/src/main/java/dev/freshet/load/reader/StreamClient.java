package dev.freshet.load.reader;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens streams over HTTP/1.1 connections of their own, all on one event loop. An event costs no allocation. A stream
 * costs about 3 KB, a file and a port. The limit is the number of open files, often 20,000.
 */
public final class StreamClient implements AutoCloseable {

    // A client address has some 28,000 ports. Several addresses leave room for ports in TIME_WAIT.
    private static final int MANY = 16;
    private static final AtomicInteger NEXT_ADDRESS = new AtomicInteger();
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(32 * 1024);

    private final ClientLoop connections = new ClientLoop();
    private final EventLoop loop = connections.loop();
    private final int addresses;

    private StreamClient(int addresses) {
        this.addresses = addresses;
    }

    /** Returns a client that connects from one address, for a server that counts connections by address. */
    public static StreamClient fromOneAddress() {
        return new StreamClient(1);
    }

    /** Returns a client that connects to a loopback address from several, so that ports suffice for thousands. */
    public static StreamClient fromManyAddresses() {
        return new StreamClient(MANY);
    }

    /** Returns the event loop on which all listeners are called, for schedules of the caller's. */
    public EventLoop loop() {
        return loop;
    }

    /** Connects and sends the request. Returns at once; the listener is called for whatever happens. */
    public OpenStream open(StreamRequest request, StreamListener listener) {
        var bootstrap = connections.bootstrap();
        if (request.bytesPerSecond() > 0) {
            bootstrap
                    .option(ChannelOption.SO_RCVBUF, 4 * request.bytesPerSecond())
                    .option(ChannelOption.AUTO_READ, false)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(request.bytesPerSecond()).maxMessagesPerRead(1));
        } else {
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, READS);
        }
        var handler = new StreamHandler(request, listener);
        var connecting = bootstrap
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (request.silence().isPositive()) {
                            channel.pipeline()
                                    .addLast(new ReadTimeoutHandler(
                                            request.silence().toMillis(), TimeUnit.MILLISECONDS));
                        }
                        channel.pipeline().addLast(handler);
                    }
                })
                .connect(request.server(), localAddress(request.server()));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                handler.refused();
            }
        });
        return new OpenStream(loop, connecting.channel(), handler);
    }

    private InetSocketAddress localAddress(InetSocketAddress server) {
        return addresses > 1 && server.getAddress().isLoopbackAddress()
                ? new InetSocketAddress("127.0.0." + (2 + NEXT_ADDRESS.getAndIncrement() % addresses), 0)
                : new InetSocketAddress(0);
    }

    /** Closes all streams and ends the event loop. */
    @Override
    public void close() {
        connections.close();
    }
}
