package dev.freshet.platform.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The identity of an address for counting clients. */
public final class ClientAddress {

    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    /**
     * Returns the address; for IPv6 its /64 network, since a client there may use every address of it. Returns {@code
     * unknown} for none.
     */
    public static String of(@Nullable InetSocketAddress socket) {
        var address = socket == null ? null : socket.getAddress();
        return address == null
                ? "unknown"
                : address instanceof Inet6Address ? network(address) : address.getHostAddress();
    }

    private static String network(InetAddress address) {
        var bytes = Arrays.copyOf(address.getAddress(), NETWORK_BYTES);
        var text = new StringBuilder();
        for (var i = 0; i < NETWORK_BYTES; i += 2) {
            text.append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
