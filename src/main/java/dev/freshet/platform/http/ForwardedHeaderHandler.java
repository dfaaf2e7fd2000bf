package dev.freshet.platform.http;

import dev.freshet.platform.http.ForwardedHops.Hop;
import dev.freshet.platform.http.RequestSettings.ProxyHeader;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.ConnectionInfo;
import reactor.netty.transport.AddressUtils;

/**
 * Checks the {@code Host} of each request, and applies the forwarded headers of trusted proxies: the client's address, scheme and host. Each proxy appends the
 * address that it got the request from. So the client is the last address that is not a trusted proxy's: the client may
 * have written everything before it. A malformed entry among those that are read makes the header untrusted.
 */
final class ForwardedHeaderHandler implements BiFunction<ConnectionInfo, HttpRequest, ConnectionInfo> {

    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::(\\d{1,5}))?");

    private static final int MAX_PORT = 65_535;

    private final List<IpNetwork> trusted;
    private final ProxyHeader header;
    // Hosts repeat, and matching one takes a fiftieth of a cached page.
    private volatile @Nullable String lastHost;

    public ForwardedHeaderHandler(List<IpNetwork> trusted, ProxyHeader header) {
        this.trusted = trusted;
        this.header = header;
    }

    /** @throws IllegalArgumentException for an invalid Host, which the web server answers with 400 */
    @Override
    public ConnectionInfo apply(ConnectionInfo connection, HttpRequest request) {
        checkHost(request);
        var peer = connection.getRemoteAddress();
        if (peer == null || !IpNetwork.anyContains(trusted, peer)) {
            return connection;
        }
        return header == ProxyHeader.FORWARDED
                ? followed(connection, peer, ForwardedHops.forwarded(request.headers()))
                : followed(connection, peer, ForwardedHops.xForwarded(request.headers()));
    }

    /** Requires one valid Host (RFC 9112, section 3.2). Over HTTP/2 it may be absent, and HTTP/1.0 had none. */
    private void checkHost(HttpRequest request) {
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        var isOptional = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0
                || request.headers().contains(ExtensionHeaderNames.STREAM_ID.text());
        if (hosts.isEmpty() ? !isOptional : hosts.size() > 1 || !isHost(hosts.getFirst())) {
            throw new IllegalArgumentException("The request needs one Host header with a host name and a port.");
        }
    }

    private boolean isHost(String text) {
        if (text.equals(lastHost)) {
            return true;
        }
        var host = HOST.matcher(text);
        var valid = host.matches() && (host.group(2) == null || Integer.parseInt(host.group(2)) <= MAX_PORT);
        if (valid) {
            lastHost = text;
        }
        return valid;
    }

    private ConnectionInfo followed(ConnectionInfo connection, InetSocketAddress peer, List<Hop> hops) {
        var client = peer.getAddress();
        @Nullable Hop last = null;
        for (var hop : hops) {
            if (hop.isMalformed()) {
                return connection;
            }
            last = hop;
            if (hop.client() == null) {
                break;
            }
            client = hop.client();
            if (!IpNetwork.anyContains(trusted, new InetSocketAddress(client, 0))) {
                break;
            }
        }
        var named = client.equals(peer.getAddress())
                ? connection
                : connection.withRemoteAddress(new InetSocketAddress(client, peer.getPort()));
        return last == null ? named : reached(named, last.scheme(), last.host());
    }

    private static ConnectionInfo reached(ConnectionInfo connection, @Nullable String scheme, @Nullable String host) {
        var named = scheme != null && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
                ? connection.withScheme(scheme.toLowerCase(Locale.ROOT))
                : connection;
        var name = host == null ? null : HOST.matcher(host);
        if (name == null || !name.matches()) {
            return named;
        }
        var port = name.group(2) == null ? ConnectionInfo.getDefaultHostPort(named.getScheme()) : port(name.group(2));
        return port == 0
                ? named
                : named.withHostAddress(AddressUtils.createUnresolved(name.group(1), port), name.group(1), port);
    }

    private static int port(String digits) {
        var port = Integer.parseInt(digits);
        return port > MAX_PORT ? 0 : port;
    }
}
