package dev.freshet.platform.http;

import dev.freshet.platform.http.RequestSettings.ProxyHeader;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.ConnectionInfo;
import reactor.netty.transport.AddressUtils;

/**
 * Applies the forwarded headers of trusted proxies: the client's address, scheme and host. Each proxy appends the
 * address that it got the request from. So the client is the last address that is not a trusted proxy's: the client may
 * have written everything before it.
 */
public final class ForwardedHeaderHandler implements BiFunction<ConnectionInfo, HttpRequest, ConnectionInfo> {

    private static final String FORWARDED = "Forwarded";
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::(\\d{1,5}))?");
    private static final int MOST_HOPS = 50;

    /** The statement of one proxy in its raw form; null for an absent part. */
    private record Hop(
            @Nullable String from,
            @Nullable String scheme,
            @Nullable String host) {}

    private final List<IpNetwork> trusted;
    private final ProxyHeader header;

    public ForwardedHeaderHandler(List<IpNetwork> trusted, ProxyHeader header) {
        this.trusted = trusted;
        this.header = header;
    }

    @Override
    public ConnectionInfo apply(ConnectionInfo connection, HttpRequest request) {
        var peer = connection.getRemoteAddress();
        if (peer == null || !IpNetwork.anyContains(trusted, peer)) {
            return connection;
        }
        return header == ProxyHeader.FORWARDED
                ? followed(connection, peer, forwarded(request.headers()))
                : followed(connection, peer, xForwarded(request.headers()));
    }

    private ConnectionInfo followed(ConnectionInfo connection, InetSocketAddress peer, List<Hop> hops) {
        var client = peer.getAddress();
        @Nullable Hop last = null;
        for (var i = hops.size() - 1; i >= 0; i--) {
            last = hops.get(i);
            var address = address(last.from());
            if (address == null) {
                break;
            }
            client = address;
            if (!IpNetwork.anyContains(trusted, new InetSocketAddress(address, 0))) {
                break;
            }
        }
        var told = client.equals(peer.getAddress())
                ? connection
                : connection.withRemoteAddress(new InetSocketAddress(client, peer.getPort()));
        return last == null ? told : reached(told, last.scheme(), last.host());
    }

    private static ConnectionInfo reached(ConnectionInfo connection, @Nullable String scheme, @Nullable String host) {
        var told = scheme != null && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
                ? connection.withScheme(scheme.toLowerCase(Locale.ROOT))
                : connection;
        var name = host == null ? null : HOST.matcher(host);
        if (name == null || !name.matches()) {
            return told;
        }
        var port = name.group(2) == null ? ConnectionInfo.getDefaultHostPort(told.getScheme()) : port(name.group(2));
        return port == 0
                ? told
                : told.withHostAddress(AddressUtils.createUnresolved(name.group(1), port), name.group(1), port);
    }

    private static int port(String digits) {
        var port = Integer.parseInt(digits);
        return port > 65_535 ? 0 : port;
    }

    /** Reads the scheme and host of the last entry, which the connected proxy wrote. */
    private static List<Hop> xForwarded(HttpHeaders headers) {
        var scheme = last(headers, "X-Forwarded-Proto");
        var host = last(headers, "X-Forwarded-Host");
        var port = last(headers, "X-Forwarded-Port");
        var reached =
                host == null || port == null || HOST.matcher(host).results().anyMatch(name -> name.group(2) != null)
                        ? host
                        : host + ":" + port;
        var hops = new ArrayList<Hop>();
        for (var address : split(String.join(",", headers.getAll(X_FORWARDED_FOR)), ',')) {
            hops.add(new Hop(address, scheme, reached));
        }
        return hops;
    }

    private static @Nullable String last(HttpHeaders headers, String name) {
        var values = headers.getAll(name);
        return values.isEmpty() ? null : split(values.getLast(), ',').getLast();
    }

    private static List<Hop> forwarded(HttpHeaders headers) {
        var hops = new ArrayList<Hop>();
        for (var element : split(String.join(",", headers.getAll(FORWARDED)), ',')) {
            Map<String, String> pairs = new HashMap<>();
            for (var pair : split(element, ';')) {
                var equals = pair.indexOf('=');
                if (equals > 0) {
                    pairs.put(
                            pair.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                            pair.substring(equals + 1).strip().replace("\"", ""));
                }
            }
            hops.add(new Hop(pairs.get("for"), pairs.get("proto"), pairs.get("host")));
        }
        return hops;
    }

    /** Splits a list outside of quotes, and keeps its last parts up to a maximum that no honest request reaches. */
    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        var quoted = false;
        var begin = 0;
        for (var i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) == '"') {
                quoted = !quoted;
            }
            if (i == text.length() || (text.charAt(i) == separator && !quoted)) {
                parts.add(text.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        return parts.subList(Math.max(0, parts.size() - MOST_HOPS), parts.size());
    }

    /**
     * Parses an address with an optional port and brackets; returns null for a name or invalid text. Names are not
     * resolved.
     */
    private static @Nullable InetAddress address(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.charAt(0) == '[') {
            var end = text.indexOf(']');
            return end < 0 ? null : NetUtil.createInetAddressFromIpAddressString(text.substring(1, end));
        }
        var colon = text.indexOf(':');
        // One colon follows an IPv4 address; more colons are part of an IPv6 address.
        return NetUtil.createInetAddressFromIpAddressString(
                colon > 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text);
    }
}
