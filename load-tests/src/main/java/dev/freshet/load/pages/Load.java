package dev.freshet.load.pages;

import dev.freshet.load.reader.ClientLoop;
import dev.freshet.load.reader.Pace;
import dev.freshet.load.reader.ResponseParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Readers of one server with persistent connections, each of which carries one request at a time, on one event loop.
 * Each response is checked. Only the event loop accesses the state of a run.
 */
public final class Load implements AutoCloseable {

    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TIMEOUT_SECONDS = 30;

    /** The expected response. */
    public record Expected(int status, long minLength, long maxLength) {

        boolean isMatchedBy(ResponseParser answer) {
            return answer.status() == status && answer.length() >= minLength && answer.length() <= maxLength;
        }
    }

    /**
     * The result of a run.
     *
     * @param latency from the due time of a request to the end of its response, in nanoseconds
     */
    public record Outcome(long answers, Histogram latency) {}

    private final ClientLoop client = new ClientLoop();
    private final EventLoop loop = client.loop();
    private final ArrayDeque<Reader> idle = new ArrayDeque<>();
    private final int connections;
    private final Supplier<ByteBuf> requests;
    private final Expected expected;
    // State of the run.
    private Pace pace = (number, now) -> Pace.NEVER;
    private CompletableFuture<Outcome> done = new CompletableFuture<>();
    private Histogram latency = new Histogram(MAX_LATENCY_NANOS, 3);
    private long sent;
    private long answers;
    private boolean timed;

    /** Opens all connections. */
    public Load(InetSocketAddress server, int connections, Supplier<ByteBuf> requests, Expected expected) {
        this.connections = connections;
        this.requests = requests;
        this.expected = expected;
        var bootstrap = client.bootstrap()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(32 * 1024));
        var readers = new ArrayList<Reader>();
        for (var i = 0; i < connections; i++) {
            var reader = new Reader();
            bootstrap.handler(reader).connect(server).syncUninterruptibly();
            readers.add(reader);
        }
        loop.submit(() -> idle.addAll(readers)).syncUninterruptibly();
    }

    /** Closed loop: each connection sends its next request as soon as it has a response. */
    public Outcome saturate(Duration time) throws InterruptedException {
        return run(Pace.saturating(System.nanoTime(), time), time);
    }

    /**
     * Open loop: requests are due at fixed times. A request that finds no idle connection waits for one, and this wait
     * is part of its latency.
     */
    Outcome atRate(Duration time, double perSecond) throws InterruptedException {
        return run(Pace.atRate(System.nanoTime() + 10_000_000, time, perSecond), time);
    }

    private Outcome run(Pace wanted, Duration time) throws InterruptedException {
        var outcome = new CompletableFuture<Outcome>();
        loop.execute(() -> {
            pace = wanted;
            done = outcome;
            latency = new Histogram(MAX_LATENCY_NANOS, 3);
            sent = 0;
            answers = 0;
            send();
        });
        try {
            return outcome.get(time.toSeconds() + TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A request failed: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("No response arrived in time", e);
        }
    }

    /** Sends the due requests while an idle connection is available. */
    private void send() {
        while (!idle.isEmpty()) {
            var now = System.nanoTime();
            var due = pace.due(sent, now);
            if (due == Pace.NEVER) {
                if (idle.size() == connections) {
                    done.complete(new Outcome(answers, latency));
                }
                return;
            }
            if (due > now) {
                if (!timed) {
                    timed = true;
                    loop.schedule(this::sendInTime, due - now, TimeUnit.NANOSECONDS);
                }
                return;
            }
            sent++;
            idle.remove().request(due);
        }
    }

    private void sendInTime() {
        timed = false;
        send();
    }

    private void fail(Throwable failure) {
        pace = (number, now) -> Pace.NEVER;
        done.completeExceptionally(failure);
    }

    @Override
    public void close() {
        client.close();
    }

    private final class Reader extends ChannelInboundHandlerAdapter {

        private final ResponseParser answer = new ResponseParser();
        private @Nullable Channel channel;
        private ByteBuf rest = Unpooled.EMPTY_BUFFER;
        private long due;
        private boolean waiting;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
        }

        void request(long dueAt) {
            due = dueAt;
            waiting = true;
            answer.expectNext();
            var connected = Objects.requireNonNull(channel);
            connected.writeAndFlush(requests.get(), connected.voidPromise());
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
                note();
            }
        }

        private void note() {
            if (!waiting || rest.isReadable() || !expected.isMatchedBy(answer)) {
                fail(new IOException(
                        "The response is " + answer.status() + " of " + answer.length() + " bytes, not " + expected));
            }
            waiting = false;
            answers++;
            latency.recordValue(Math.clamp(System.nanoTime() - due, 1, MAX_LATENCY_NANOS));
            idle.add(this);
            send();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!client.isClosing()) {
                fail(new IOException("A connection was closed"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            fail(failure);
            context.close();
        }
    }
}
