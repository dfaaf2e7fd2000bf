package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Limits of 8 connections, and of 3 per address. 127.0.0.1 is exempt, and 127.0.0.9 is a proxy. */
class ConnectionLimitsTests {

    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String CLIENT = "127.0.0.2";
    private static final String PROXY = "127.0.0.9";

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<RawHttp.Connection> connections = new ArrayList<>();
    private DisposableServer server;

    @BeforeEach
    void start() {
        var settings = new ConnectionSettings(8, 3, List.of(IpNetwork.valueOf("127.0.0.1")));
        var limits = new ConnectionLimits(settings, List.of(IpNetwork.valueOf(PROXY)), 1_000_000, meters);
        server = limits.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.sendString(Mono.just("well")))
                .bindNow();
    }

    @AfterEach
    void stop() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
        server.disposeNow();
    }

    @Test
    void addressHasALimitOfItsOwn() throws IOException {
        for (var i = 0; i < 3; i++) {
            assertThat(isServed(CLIENT)).isTrue();
        }
        assertThat(isServed(CLIENT)).isFalse();
        assertThat(isServed("127.0.0.3")).isTrue();
        assertThat(refused("address")).isEqualTo(1);
        connections.getFirst().close();
        awaitService();
    }

    @Test
    void proxiesAndExemptAddressesHaveNoLimitOfTheirOwn() throws IOException {
        for (var i = 0; i < 4; i++) {
            assertThat(isServed(PROXY)).isTrue();
            assertThat(isServed("127.0.0.1")).isTrue();
        }
        assertThat(meters.get("freshet.connections").gauge().value()).isEqualTo(8);
        for (var address : new String[] {PROXY, "127.0.0.1", CLIENT}) {
            assertThat(isServed(address)).isFalse();
        }
        assertThat(refused("instance")).isEqualTo(3);
        connections.getFirst().close();
        awaitService();
    }

    @Test
    void addressesOfOneIpv6NetworkAreOneClient() {
        var limits = limits(null, 2, 1_000_000);
        assertThat(limits.acquire(limits.counted(address("2001:db8::1")))).isTrue();
        assertThat(limits.acquire(limits.counted(address("2001:db8::2")))).isTrue();
        assertThat(limits.acquire(limits.counted(address("2001:db8::3")))).isFalse();
        assertThat(limits.acquire(limits.counted(address("2001:db8:0:1::3")))).isTrue();
    }

    /** Stores, files and logs need open files too. */
    @ParameterizedTest
    @CsvSource({
        ", 20000, 18000, 1800",
        ", 1024, 524, 52",
        ", 100, 50, 5",
        "100, 20000, 100, 10",
        "99999, 20000, 18000, 1800"
    })
    void limitsFollowFromTheLimitOfOpenFiles(@Nullable Integer setting, long maxFiles, int ofInstance, int ofAddress) {
        var limits = limits(setting, null, maxFiles);
        for (var i = 0; i < ofAddress; i++) {
            assertThat(limits.acquire("a")).isTrue();
        }
        assertThat(limits.acquire("a")).isFalse();
        for (var i = ofAddress; i < ofInstance; i++) {
            assertThat(limits.acquire(null)).isTrue();
        }
        assertThat(limits.acquire(null)).isFalse();
    }

    @Test
    void programCountsItsConnections() throws IOException {
        var instance = Freshet.shared(Map.of());
        try (var connection = RawHttp.open(instance.port())) {
            connection.send(GET);
            connection.readTo("HTTP/1.1");
            var registry = instance.bean(MeterRegistry.class);
            assertThat(registry.get("freshet.connections").gauge().value()).isPositive();
            assertThat(registry.get("freshet.connections.max").gauge().value()).isLessThan((double) OpenFiles.max());
        }
    }

    private ConnectionLimits limits(@Nullable Integer connections, @Nullable Integer perAddress, long maxFiles) {
        var settings = new ConnectionSettings(connections, perAddress, List.of());
        return new ConnectionLimits(settings, List.of(), maxFiles, new SimpleMeterRegistry());
    }

    private static InetSocketAddress address(String text) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(text), 1);
    }

    /** Waits until the server has seen that a connection was closed. */
    private void awaitService() {
        Freshet.until(() -> {
            try {
                return isServed(CLIENT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private boolean isServed(String from) throws IOException {
        var connection = RawHttp.open(from, server.port());
        connections.add(connection);
        connection.send(GET);
        return connection.readTo("well").contains("well");
    }

    private double refused(String limit) {
        return meters.get("freshet.connections.refused")
                .tag("limit", limit)
                .counter()
                .count();
    }
}
