package dev.freshet.platform.outbound;

import dev.freshet.platform.StartupFailure;
import dev.freshet.platform.http.IpNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.security.util.matcher.InetAddressMatcher;
import org.springframework.security.util.matcher.InetAddressMatchers;

/** Decides which machines may be contacted: public ones on web ports, and those that the settings name. */
final class Targets {

    // IANA's special-purpose addresses; the rest of IPv6 is global unicast. Addresses that embed an IPv4 address
    // (mapped, compatible, NAT64, 6to4, Teredo) are included, whatever that address is.
    private static final List<String> NOT_PUBLIC = List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            // The metadata service of Azure; those of other clouds are in networks that are not public.
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/3",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "4000::/2",
            "8000::/1");
    private static final Set<Integer> WEB_PORTS = Set.of(80, 443);
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+(/\\d+)?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/\\d+)?");

    private static final InetAddressMatcher EXTERNAL =
            InetAddressMatchers.matchExternal().build();
    private static final List<IpNetwork> SPECIAL =
            NOT_PUBLIC.stream().map(IpNetwork::valueOf).toList();

    private final Set<String> hosts = new HashSet<>();
    private final List<IpNetwork> networks = new ArrayList<>();

    /** @param allow hosts, addresses and networks that may be contacted though they are not public */
    Targets(List<String> allow) {
        for (var entry : allow) {
            if (!ADDRESS.matcher(entry.strip()).matches()) {
                hosts.add(name(entry.strip()));
                continue;
            }
            try {
                networks.add(IpNetwork.valueOf(entry.strip()));
            } catch (IllegalArgumentException e) {
                throw new StartupFailure(
                        "freshet.fetch.allow has \"" + entry + "\", which is neither an address nor a network.",
                        "Write it as 10.1.2.3, 10.0.0.0/8 or fd00::/8.",
                        e);
            }
        }
    }

    /**
     * Returns whether a machine may be contacted.
     *
     * @param host the name that the user gave
     * @param target the address that it resolved to
     */
    boolean allow(String host, InetSocketAddress target) {
        var address = target.getAddress();
        return hosts.contains(name(host))
                || networks.stream().anyMatch(network -> network.contains(address))
                || (WEB_PORTS.contains(target.getPort()) && isPublic(address));
    }

    private static boolean isPublic(InetAddress address) {
        return EXTERNAL.matches(address) && SPECIAL.stream().noneMatch(network -> network.contains(address));
    }

    private static String name(String host) {
        var lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
