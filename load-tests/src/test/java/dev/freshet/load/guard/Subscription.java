package dev.freshet.load.guard;

import dev.freshet.load.reader.OpenStream;
import dev.freshet.load.reader.StreamClient;
import dev.freshet.load.reader.StreamListener;
import dev.freshet.load.reader.StreamRequest;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber, over all of its connections: it reconnects with its last cursor when its stream ends. Its events are
 * recorded in a ledger, and the time until the response headers as the operation {@code open}.
 */
final class Subscription implements StreamListener {

    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final StreamClient client;
    private final Measured measured;
    private final IntFunction<InetSocketAddress> servers;
    private final String feed;
    private final boolean sse;
    private final Ledger.Subscriber subscriber;
    private volatile @Nullable OpenStream stream;
    private volatile boolean closed;
    private volatile Duration reconnectWithin = RETRY_DELAY;
    private volatile long start;
    private volatile boolean open;
    private boolean opened;
    private int attempt;

    /** @param servers the server of each connection, by the number of earlier connections */
    Subscription(
            StreamClient client,
            Measured measured,
            IntFunction<InetSocketAddress> servers,
            String feed,
            boolean sse,
            Ledger.Subscriber subscriber) {
        this.client = client;
        this.measured = measured;
        this.servers = servers;
        this.feed = feed;
        this.sse = sse;
        this.subscriber = subscriber;
    }

    void open() {
        start = System.nanoTime();
        var cursor = subscriber.cursor();
        var address = servers.apply(attempt++);
        stream = client.open(
                sse
                        ? StreamRequest.of(
                                address,
                                feed,
                                cursor.isEmpty()
                                        ? Map.of("Accept", "text/event-stream")
                                        : Map.of("Accept", "text/event-stream", "Last-Event-ID", cursor))
                        : StreamRequest.of(
                                address,
                                cursor.isEmpty() ? feed : feed + "&since=" + cursor,
                                Map.of("Accept", "application/x-ndjson")),
                this);
    }

    /** Returns whether its stream is open: the response headers have arrived. */
    boolean isOpen() {
        return open;
    }

    /** Cuts the connection, and reconnects within a time. */
    void cut(Duration within) {
        reconnectWithin = within;
        var current = stream;
        if (current != null) {
            current.cut();
        }
    }

    void close() {
        closed = true;
        var current = stream;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void opened(int status, Map<String, String> headers) {
        opened = true;
        open = status == 200;
        measured.record("open", start, status == 200);
    }

    @Override
    public void event(ByteBuf bytes, int from, int to, long atNanos) {
        subscriber.receive(Ledger.DELIVERY, bytes, from, to, atNanos);
    }

    @Override
    public void ended(End end) {
        if (!opened && !closed) {
            measured.record("open", start, false);
        }
        opened = false;
        open = false;
        if (!closed && !client.loop().isShuttingDown()) {
            client.loop()
                    .schedule(
                            this::open,
                            ThreadLocalRandom.current().nextLong(reconnectWithin.toMillis() + 1),
                            TimeUnit.MILLISECONDS);
            reconnectWithin = RETRY_DELAY;
        }
    }
}
