package dev.freshet.platform.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServer;

/**
 * Limits the open connections of the instance and of an address. The limit of the instance is below that of open files, of
 * which stores and files need some too. A connection beyond a limit is closed when it is accepted, before anything is
 * created for it. Thread-safe.
 */
@ChannelHandler.Sharable
final class ConnectionLimits extends ChannelInboundHandlerAdapter {

    private static final int PER_ADDRESS_DIVISOR = 10;

    private final int ofInstance;
    private final int ofAddress;
    private final List<IpNetwork> exempt;
    private final List<IpNetwork> proxies;
    private final Counter refusedByInstance;
    private final Counter refusedByAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();

    /** @param proxies networks whose connections carry many clients, and which have no limit per address */
    ConnectionLimits(ConnectionSettings settings, List<IpNetwork> proxies, long maxFiles, MeterRegistry meters) {
        var possible = OpenFiles.maxConnections(maxFiles);
        this.ofInstance = Math.min(Objects.requireNonNullElse(settings.connections(), possible), possible);
        this.ofAddress = Objects.requireNonNullElse(
                settings.connectionsPerAddress(), Math.max(1, ofInstance / PER_ADDRESS_DIVISOR));
        this.exempt = settings.exempt();
        this.proxies = proxies;
        this.refusedByInstance = refused("instance", meters);
        this.refusedByAddress = refused("address", meters);
        Gauge.builder("freshet.connections", open, AtomicInteger::get)
                .description("Open connections of clients")
                .register(meters);
        Gauge.builder("freshet.connections.max", () -> ofInstance)
                .description("Maximum of open connections of clients")
                .register(meters);
    }

    private static Counter refused(String limit, MeterRegistry meters) {
        return Counter.builder("freshet.connections.refused")
                .description("Connections that were closed when they were accepted")
                .tag("limit", limit)
                .register(meters);
    }

    /** Adds the limits to a server. */
    HttpServer on(HttpServer server) {
        return server.doOnBound(bound -> bound.channel().pipeline().addFirst(this));
    }

    /** Called on the event loop that accepts connections. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Channel connection)) {
            context.fireChannelRead(message);
            return;
        }
        var address = counted((InetSocketAddress) connection.remoteAddress());
        if (acquire(address)) {
            connection.closeFuture().addListener(closed -> release(address));
            context.fireChannelRead(connection);
        } else {
            connection.unsafe().closeForcibly();
        }
    }

    /** Returns the key under which an address is counted; null if it is exempt. */
    @Nullable
    String counted(@Nullable InetSocketAddress address) {
        return address == null || IpNetwork.anyContains(exempt, address) || IpNetwork.anyContains(proxies, address)
                ? null
                : ClientAddress.of(address);
    }

    /** Counts a connection, or returns false if a limit forbids it. A counted connection must be released once. */
    boolean acquire(@Nullable String address) {
        if (open.incrementAndGet() > ofInstance) {
            open.decrementAndGet();
            refusedByInstance.increment();
            return false;
        }
        if (address != null && byAddress.merge(address, 1, Integer::sum) > ofAddress) {
            release(address);
            refusedByAddress.increment();
            return false;
        }
        return true;
    }

    void release(@Nullable String address) {
        open.decrementAndGet();
        if (address != null) {
            byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
