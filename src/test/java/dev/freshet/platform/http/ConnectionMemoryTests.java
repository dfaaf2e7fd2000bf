package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The heap that a kept-alive connection of HTTP/1.1 costs between its requests. */
@Isolated
class ConnectionMemoryTests {

    private static final int COUNT = 2000;
    private static final byte[] REQUEST =
            "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);

    @Test
    void idleConnectionUsesAtMostFourKilobytes() throws IOException {
        var connections = new ArrayList<SocketChannel>();
        try (var instance = Freshet.start(Map.of(
                "freshet.limits.connections-per-address",
                String.valueOf(2 * COUNT),
                "server.netty.idle-timeout",
                "10m"))) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), instance.port());
            // The first requests load classes and fill caches.
            open(connections, address, COUNT / 10);
            var before = used();
            open(connections, address, COUNT);
            var each = (used() - before) / COUNT;
            assertThat(each)
                    .as("bytes of both ends of a connection")
                    .isPositive()
                    .isLessThanOrEqualTo(4 * 1024);
        } finally {
            for (var connection : connections) {
                connection.close();
            }
        }
    }

    private static void open(List<SocketChannel> connections, InetSocketAddress address, int count) throws IOException {
        var response = ByteBuffer.allocate(16 * 1024);
        for (var i = 0; i < count; i++) {
            var connection = SocketChannel.open(address);
            connections.add(connection);
            connection.write(ByteBuffer.wrap(REQUEST));
            assertThat(connection.read(response.clear())).isPositive();
        }
    }

    private static long used() {
        for (var i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
