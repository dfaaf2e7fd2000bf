package dev.freshet.load.chaos;

import dev.freshet.load.reader.OpenStream;
import dev.freshet.load.reader.StreamClient;
import dev.freshet.load.reader.StreamListener;
import dev.freshet.load.reader.StreamRequest;
import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The response to a GET request, read by a virtual thread that waits for each event. Each has a connection of its own. It
 * limits the silence between two bytes, by which it detects a dead connection.
 */
final class BlockingStream implements Closeable {

    private static final StreamClient CLIENT = StreamClient.fromOneAddress();

    /** What arrives on the stream, in order. */
    private sealed interface Arrival {

        record Headers(int status, Map<String, String> fields) implements Arrival {}

        record Event(String text) implements Arrival {}

        record End(StreamListener.End end) implements Arrival {}
    }

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final OpenStream stream;
    private final Arrival.Headers headers;

    /**
     * Sends the request and waits for the response headers.
     *
     * @param silence the longest time without a byte before reading fails
     */
    BlockingStream(int port, String target, Map<String, String> headers, Duration silence) throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        stream = CLIENT.open(new StreamRequest(server, target, headers, silence, 0), new Queueing());
        this.headers = switch (take()) {
            case Arrival.Headers opened -> opened;
            case Arrival.Event event -> throw new IllegalStateException("An event before the response headers");
            case Arrival.End end -> throw new IOException("no response: " + end.end());
        };
    }

    int status() {
        return headers.status();
    }

    @Nullable
    String header(String name) {
        return headers.fields().get(name);
    }

    /** Waits for the next event, heartbeat or page; returns null at the end of the response. */
    @Nullable
    String next() throws IOException {
        return switch (take()) {
            case Arrival.Event event -> event.text();
            case Arrival.End end -> {
                if (end.end() != StreamListener.End.COMPLETE) {
                    throw new IOException("the stream is " + end.end());
                }
                yield null;
            }
            case Arrival.Headers again -> throw new IllegalStateException("A second response");
        };
    }

    private Arrival take() throws IOException {
        try {
            var next = arrivals.take();
            if (next instanceof Arrival.End) {
                // For a further call, and for a close while it waits.
                arrivals.add(next);
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        stream.close();
    }

    private final class Queueing implements StreamListener {

        @Override
        public void opened(int status, Map<String, String> fields) {
            arrivals.add(new Arrival.Headers(status, Map.copyOf(fields)));
        }

        @Override
        public void event(ByteBuf bytes, int from, int to, long atNanos) {
            arrivals.add(new Arrival.Event(bytes.toString(from, to - from, StandardCharsets.UTF_8)));
        }

        @Override
        public void ended(End end) {
            arrivals.add(new Arrival.End(end));
        }
    }
}
