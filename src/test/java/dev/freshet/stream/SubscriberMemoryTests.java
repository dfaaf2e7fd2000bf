package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feed.OpenFollows;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.ConnectionsForTests;
import dev.freshet.testing.Alone;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.Mockito;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Invariant 5 in numbers: the heap that an idle stream costs, with its connection to the web server. */
@Alone
@Order(1)
@Timeout(600)
class SubscriberMemoryTests {

    private static final int COUNT = 2000;
    // Without compact object headers, with which it is a tenth less.
    private static final int MAX_BYTES = 1440;
    // A channel of the JDK with its descriptor, its locks and its address.
    private static final int CLIENT_END = 424;
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);

    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final Ring ring = new Ring(64, 1 << 20, new Cursor(7, 0));
    private final StreamMeters meters = new StreamMeters(new SimpleMeterRegistry());
    private final Subscribers subscribers = new Subscribers(new StreamResources(
            ring,
            new SearchedRing(ring, log, Schedulers.immediate(), 1 << 20),
            Mockito.mock(OpenFollows.class, Mockito.CALLS_REAL_METHODS),
            new CatchUp(log, 16, 1 << 20, meters),
            Wire.settings(Map.of("freshet.stream.max-streams", "1000000", "freshet.stream.max-per-address", "1000000")),
            meters));

    @Test
    void idleSubscriberUsesLittleMemory() throws IOException, JMException {
        var server = ConnectionsForTests.server().handle(this::open).bindNow();
        var connections = new ArrayList<SocketChannel>();
        try {
            // The first streams load classes.
            open(connections, server.address(), 10);
            deliver(connections, 1);
            var before = heap();
            open(connections, server.address(), COUNT);
            deliver(connections, 2);
            assertThat(growth(before, heap()) - CLIENT_END)
                    .as("bytes of a stream")
                    .isPositive()
                    .isLessThanOrEqualTo(MAX_BYTES);
        } finally {
            for (var connection : connections) {
                connection.close();
            }
            server.disposeNow();
        }
    }

    private Publisher<Void> open(HttpServerRequest request, HttpServerResponse response) {
        var client = StreamClient.anonymous(ClientAddress.of(request.remoteAddress()));
        var order =
                new StreamRequest(client, Feed.ALL, Format.SSE, ring.bounds().end(), null, Long.MAX_VALUE, false);
        response.withConnection(
                connection -> subscribers.open(listener -> StreamConnection.attach(connection, listener), order));
        return response.send();
    }

    private static void open(List<SocketChannel> connections, SocketAddress address, int count) throws IOException {
        for (var i = 0; i < count; i++) {
            var connection = SocketChannel.open(address);
            connections.add(connection);
            connection.write(ByteBuffer.wrap(REQUEST));
            readUntil(connection, "retry:");
        }
    }

    /** Delivers an event to all streams, which are idle and at the tail afterwards. */
    private void deliver(List<SocketChannel> connections, long seq) throws IOException {
        ring.append(RingTests.entries(seq, seq));
        subscribers.news();
        for (var connection : connections) {
            readUntil(connection, "id:");
        }
    }

    private static void readUntil(SocketChannel connection, String text) throws IOException {
        var bytes = ByteBuffer.allocate(16 * 1024);
        while (!StandardCharsets.UTF_8
                .decode(bytes.duplicate().flip())
                .toString()
                .contains(text)) {
            assertThat(connection.read(bytes)).isPositive();
        }
    }

    /**
     * Returns the bytes of the objects of each stream: those of classes of which there is one more for each stream. The
     * characters of its address are left out, since arrays of bytes have many other uses.
     */
    private static long growth(String heapBefore, String heapAfter) {
        var before = usages(heapBefore);
        var bytes = 0L;
        for (var type : usages(heapAfter).entrySet()) {
            var more = type.getValue().minus(before.getOrDefault(type.getKey(), new Usage(0, 0)));
            bytes += more.instances() >= COUNT ? more.bytes() : 0;
        }
        return bytes / COUNT;
    }

    private record Usage(long instances, long bytes) {

        Usage minus(Usage other) {
            return new Usage(instances - other.instances, bytes - other.bytes);
        }
    }

    /** Returns the table of the objects on the heap by class, after a collection. As a text, it adds no objects to the next. */
    private static String heap() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }

    private static Map<String, Usage> usages(String heap) {
        return heap.lines()
                .map(LINE::matcher)
                .filter(line -> line.matches() && !line.group(3).equals("[B"))
                .collect(Collectors.toMap(
                        line -> line.group(3),
                        line -> new Usage(Long.parseLong(line.group(1)), Long.parseLong(line.group(2))),
                        (one, other) -> one));
    }
}
