package dev.freshet.load.reader;

import dev.freshet.load.reader.PageConnection.Exchange;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages over persistent connections at due times, regardless of the responses (open loop). A request that is due
 * while no connection is idle waits for one, and this wait is part of its time. All connections share one event loop.
 *
 * <p>A closed connection is opened again, to the next server. A request that got no response is sent again, to at most
 * {@value #MAX_ATTEMPTS} connections, as browsers do with GET.
 */
public final class PageClient implements AutoCloseable {

    private static final int MAX_ATTEMPTS = 3;
    private static final long RETRY_MILLIS = 100;

    private final ClientLoop connections = new ClientLoop();
    private final EventLoop loop = connections.loop();
    private final List<InetSocketAddress> servers;
    private final PageListener listener;
    private final ArrayDeque<PageConnection> idle = new ArrayDeque<>();
    private final Set<PageConnection> busy = new HashSet<>();
    private final ArrayDeque<Exchange> retries = new ArrayDeque<>();
    private Pace pace = (number, now) -> Pace.NEVER;
    private Supplier<PageRequest> requests = () -> {
        throw new IllegalStateException("No request is due before the start");
    };
    private long sent;
    private boolean timed;
    private volatile boolean complete;

    /** @param servers at least one; connections are spread over them */
    public PageClient(List<InetSocketAddress> servers, PageListener listener) {
        this.servers = List.copyOf(servers);
        this.listener = listener;
    }

    /** Returns the event loop on which the listener is called. */
    public EventLoop loop() {
        return loop;
    }

    /** Opens connections, without waiting for them. */
    public void open(int http1, int http2) {
        for (var i = 0; i < http1 + http2; i++) {
            // In turn, so that each server gets connections of both protocols.
            var second = (long) (i + 1) * http2 / (http1 + http2) > (long) i * http2 / (http1 + http2);
            var server = i % servers.size();
            loop.execute(() -> connect(second, server));
        }
    }

    /** Sends a request whenever one is due, from now until the pace ends. */
    public void start(Pace wanted, Supplier<PageRequest> wantedRequests) {
        loop.execute(() -> {
            pace = wanted;
            requests = wantedRequests;
            send();
        });
    }

    /** Returns whether every due request has its response and none remains. */
    public boolean isComplete() {
        return complete;
    }

    /** Reports all requests without a response as failed. Call it once, at the end. */
    public void giveUp() {
        loop.submit(() -> {
                    var now = System.nanoTime();
                    for (var due = pace.due(sent, now); due <= now; due = pace.due(sent, now)) {
                        sent++;
                        listener.failed(requests.get(), false, due);
                    }
                    retries.forEach(exchange -> listener.failed(exchange.request(), false, exchange.due()));
                    pace = (number, at) -> Pace.NEVER;
                    retries.clear();
                    List.copyOf(busy).forEach(PageConnection::close);
                })
                .syncUninterruptibly();
    }

    private void connect(boolean http2, int server) {
        var connection = http2 ? new Http2Connection(events, server) : new Http1Connection(events, server);
        connections
                .bootstrap()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(32 * 1024))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connection.begin(channel);
                    }
                })
                .connect(servers.get(server))
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.closed();
                    }
                });
    }

    /** Sends the due requests while a connection is idle. */
    private void send() {
        while (!idle.isEmpty()) {
            var retry = retries.poll();
            if (retry != null) {
                send(retry);
                continue;
            }
            var now = System.nanoTime();
            var due = pace.due(sent, now);
            if (due == Pace.NEVER) {
                complete = sent > 0 && busy.isEmpty();
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
            send(new Exchange(requests.get(), due, 0));
        }
    }

    private void sendInTime() {
        timed = false;
        send();
    }

    private void send(Exchange exchange) {
        // The one that waited longest, so that all connections are in use.
        var connection = idle.remove();
        if (connection.isReusable()) {
            busy.add(connection);
            connection.send(exchange);
        } else {
            connection.close();
            retries.addFirst(exchange);
        }
    }

    private final PageConnection.Owner events = new PageConnection.Owner() {

        @Override
        public void connected(PageConnection connection) {
            idle.add(connection);
            send();
        }

        @Override
        public void answered(PageConnection connection, Exchange exchange, int status, long length, String etag) {
            busy.remove(connection);
            listener.answered(
                    exchange.request(), connection instanceof Http2Connection, exchange.due(), status, length, etag);
            if (connection.isReusable()) {
                idle.add(connection);
            } else {
                connection.close();
            }
            send();
        }

        @Override
        public void closed(PageConnection connection, @Nullable Exchange unanswered) {
            busy.remove(connection);
            idle.remove(connection);
            var http2 = connection instanceof Http2Connection;
            if (unanswered != null) {
                if (unanswered.attempts() + 1 < MAX_ATTEMPTS && !connections.isClosing()) {
                    retries.add(new Exchange(unanswered.request(), unanswered.due(), unanswered.attempts() + 1));
                } else {
                    listener.failed(unanswered.request(), http2, unanswered.due());
                }
            }
            if (!connections.isClosing()) {
                var next = (connection.server() + 1) % servers.size();
                loop.schedule(() -> connect(http2, next), RETRY_MILLIS, TimeUnit.MILLISECONDS);
                send();
            }
        }
    };

    /** Closes all connections and ends the event loop. */
    @Override
    public void close() {
        connections.close();
    }
}
