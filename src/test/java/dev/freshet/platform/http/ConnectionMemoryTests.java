package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Alone;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The heap that a kept-alive connection of HTTP/1.1 costs between its requests. */
@Alone
@Order(1)
@Timeout(120)
class ConnectionMemoryTests {

    // So many that other objects of this JVM hardly count, and so few that the files of all rounds are within usual
    // limits.
    private static final int COUNT = 2500;
    // A channel of the JDK with its descriptor, its locks and both addresses.
    private static final int CLIENT_END = 400;
    private static final int MAX_BYTES = 3 * 1024 + CLIENT_END;
    private static final int MAX_ROUNDS = 3;
    private static final int NOISE = 10_000;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void idleConnectionUsesAtMostThreeKilobytes() throws IOException, InterruptedException {
        var bound = ConnectionsForTests.server()
                .handle((request, response) -> response.send())
                .bindNow();
        var connections = new ArrayList<SocketChannel>();
        try {
            // The first requests load classes.
            open(connections, bound.address(), COUNT / 10);
            // Other objects of this JVM can grow meanwhile, though hardly in each round.
            var each = Long.MAX_VALUE;
            for (var round = 0; round < MAX_ROUNDS && each > MAX_BYTES; round++) {
                var before = used();
                open(connections, bound.address(), COUNT);
                each = (used() - before) / COUNT;
            }
            assertThat(each)
                    .as("bytes of both ends of a connection")
                    .isPositive()
                    .isLessThanOrEqualTo(MAX_BYTES);
        } finally {
            for (var connection : connections) {
                connection.close();
            }
            bound.disposeNow();
        }
    }

    private static void open(List<SocketChannel> connections, SocketAddress address, int count) throws IOException {
        var response = ByteBuffer.allocate(16 * 1024);
        for (var i = 0; i < count; i++) {
            var connection = SocketChannel.open(address);
            connections.add(connection);
            connection.write(ByteBuffer.wrap(REQUEST));
            assertThat(connection.read(response.clear())).isPositive();
        }
    }

    /** Returns the heap in use once a collection frees nothing more: references keep some objects until the next one. */
    private static long used() throws InterruptedException {
        var cleared = new ReferenceQueue<Object>();
        var before = Long.MAX_VALUE;
        while (true) {
            var reference = new WeakReference<>(new Object(), cleared);
            System.gc();
            assertThat(cleared.remove()).isSameAs(reference);
            var used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (used > before - NOISE) {
                return used;
            }
            before = used;
        }
    }
}
