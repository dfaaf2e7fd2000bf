package dev.freshet.load.streams;

import dev.freshet.load.reader.OpenStream;
import dev.freshet.load.reader.StreamClient;
import dev.freshet.load.reader.StreamListener;
import dev.freshet.load.reader.StreamRequest;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many readers of server-sent events on one event loop. Each checks that it receives all events of each publisher, in
 * order and once, by their {@link Marker}s. It must cost less than any server that it measures: it allocates nothing per
 * event.
 */
public final class Subscribers implements AutoCloseable {

    /** The maximum number: each takes a file, and so does the server's end. */
    static final int MAX_SUBSCRIBERS = 19_000;

    private static final int PUBLISHERS = 100;
    // A listen queue takes no more at a time.
    private static final int OPENING = 100;
    private static final int SLOW_BYTES_PER_SECOND = 1024;
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final Duration RECONNECT_WITHIN = Duration.ofMillis(500);
    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * The events received since the last call.
     *
     * @param events deliveries, each of one event to one subscriber
     * @param faults deliveries that were not the next of their publisher, since the first
     * @param latency from the due time to the receipt, in nanoseconds, of events that were due during the connection
     * @param catchUp from the start of the connection to the receipt, in nanoseconds, of events that were due before it
     */
    public record Received(long events, long faults, Histogram latency, Histogram catchUp) {}

    private final StreamClient client = StreamClient.fromManyAddresses();
    private final Queue<Subscriber> subscribers = new ConcurrentLinkedQueue<>();
    // Whether subscribers record ids to reconnect with.
    private final boolean resuming;
    private final Histogram latency = new Histogram(MAX_LATENCY_NANOS, 3);
    private final Histogram catchUp = new Histogram(MAX_LATENCY_NANOS, 3);
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
     * Opens streams, and returns when each has received the headers of its response.
     *
     * @param path by the number of the subscriber
     * @param slow whether each reads 1 KiB a second instead of as fast as it can
     */
    public void open(InetSocketAddress server, int count, IntFunction<String> path, boolean slow)
            throws InterruptedException {
        if (subscribers.size() + count > MAX_SUBSCRIBERS) {
            throw new IllegalArgumentException("At most " + MAX_SUBSCRIBERS + " subscribers");
        }
        var wanted = begun + count;
        for (var i = 0; i < count; i++) {
            var subscriber = new Subscriber(server, path.apply(i), slow, false);
            subscribers.add(subscriber);
            subscriber.connect();
            var before = wanted - count + i - OPENING;
            await(() -> begun >= before, Duration.ofSeconds(30), "streams to begin");
        }
        await(() -> begun >= wanted, Duration.ofSeconds(60), "all streams to begin");
    }

    /** Cuts all connections at once; each subscriber reconnects within a time, with its last id. */
    void cutAll(Duration within) {
        client.loop().execute(() -> subscribers.forEach(subscriber -> subscriber.cut(within)));
    }

    /** Opens one more stream and closes it as soon as it has begun, without waiting for either. */
    void visit(InetSocketAddress server, String path) {
        new Subscriber(server, path, false, true).connect();
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
        return client.loop()
                .submit(() -> {
                    var received = new Received(events, faults, latency.copy(), catchUp.copy());
                    events = 0;
                    latency.reset();
                    catchUp.reset();
                    return received;
                })
                .syncUninterruptibly()
                .getNow();
    }

    public static void await(BooleanSupplier condition, Duration timeout, String what) throws InterruptedException {
        var end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Timed out waiting for " + what);
            }
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** One subscriber, over all of its connections. All methods run on the event loop, but for the first connect. */
    private final class Subscriber implements StreamListener {

        private final InetSocketAddress server;
        private final String path;
        private final boolean slow;
        private final boolean visiting;
        private final long[] next = new long[PUBLISHERS];
        private String lastId = "";
        private volatile long connectedAtNanos;
        private boolean open;
        private volatile @Nullable OpenStream stream;
        private @Nullable Duration cutFor;

        Subscriber(InetSocketAddress server, String path, boolean slow, boolean visiting) {
            this.server = server;
            this.path = path;
            this.slow = slow;
            this.visiting = visiting;
            Arrays.fill(next, -1);
        }

        void connect() {
            connectedAtNanos = System.nanoTime();
            Map<String, String> headers = new HashMap<>(Map.of("Accept", "text/event-stream"));
            if (!lastId.isEmpty()) {
                headers.put("Last-Event-ID", lastId);
            }
            stream = client.open(
                    new StreamRequest(server, path, headers, Duration.ZERO, slow ? SLOW_BYTES_PER_SECOND : 0), this);
        }

        void cut(Duration reconnectWithin) {
            cutFor = reconnectWithin;
            var current = stream;
            if (current != null) {
                current.cut();
            }
        }

        private void connectWithin(Duration time) {
            client.loop()
                    .schedule(
                            this::connect,
                            ThreadLocalRandom.current().nextLong(time.toMillis() + 1),
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void opened(int status, Map<String, String> headers) {
            if (!open) {
                open = true;
                begun++;
            }
            var current = stream;
            if (visiting && current != null) {
                current.close();
            }
        }

        @Override
        public void event(ByteBuf bytes, int from, int to, long atNanos) {
            for (var at = bytes.indexOf(from, to, (byte) '#');
                    at >= 0 && at + Marker.LENGTH <= to;
                    at = bytes.indexOf(at + 1, to, (byte) '#')) {
                if (Marker.isAt(bytes, at)) {
                    note(bytes, at, atNanos);
                    break;
                }
            }
            if (resuming) {
                noteId(bytes, from, to);
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
                var due = Marker.nanos(bytes, at);
                var missed = due - connectedAtNanos < 0;
                (missed ? catchUp : latency)
                        .recordValue(Math.clamp(now - (missed ? connectedAtNanos : due), 1, MAX_LATENCY_NANOS));
            }
        }

        private void noteId(ByteBuf bytes, int from, int to) {
            for (var at = from; at + 3 < to; at = bytes.indexOf(at, to, (byte) '\n') + 1) {
                if (bytes.getByte(at) == 'i' && bytes.getByte(at + 1) == 'd' && bytes.getByte(at + 2) == ':') {
                    var end = bytes.indexOf(at, to, (byte) '\n');
                    lastId = bytes.toString(at + 3, (end < 0 ? to : end) - at - 3, StandardCharsets.US_ASCII)
                            .strip();
                    return;
                }
                if (bytes.indexOf(at, to, (byte) '\n') < 0) {
                    return;
                }
            }
        }

        @Override
        public void ended(End end) {
            switch (end) {
                case REFUSED -> {
                    refused++;
                    connectWithin(RETRY_DELAY);
                }
                case COMPLETE, LOST -> {
                    lost++;
                    if (resuming) {
                        connectWithin(RECONNECT_WITHIN);
                    }
                }
                case CLOSED -> {
                    var within = cutFor;
                    cutFor = null;
                    if (within != null) {
                        connectWithin(within);
                    }
                }
            }
        }
    }
}
