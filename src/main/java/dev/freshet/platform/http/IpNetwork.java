package dev.freshet.platform.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A range of IP addresses in CIDR notation, such as {@code 10.0.0.0/8} or {@code ::1}. */
public final class IpNetwork {

    private final String text;
    private final IpSubnetFilterRule rule;

    private IpNetwork(String text, InetAddress address, int prefix) {
        this.text = text;
        this.rule = new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    /** Parses an address or a prefix. Names are not resolved. */
    public static IpNetwork valueOf(String text) {
        var parts = text.strip().split("/", -1);
        var address = NetUtil.createInetAddressFromIpAddressString(parts[0]);
        if (address == null || parts.length > 2) {
            throw new IllegalArgumentException("A network is such as 10.0.0.0/8 or 2001:db8::/32, but this is " + text);
        }
        var bits = address.getAddress().length * Byte.SIZE;
        var prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "The prefix of a network has 0 to " + bits + " bits, but this is " + text);
        }
        return new IpNetwork(text.strip(), address, prefix);
    }

    /** Returns whether the network contains an address of its own family. */
    public boolean contains(InetAddress address) {
        return contains(new InetSocketAddress(address, 0));
    }

    boolean contains(InetSocketAddress address) {
        return rule.matches(address);
    }

    /** Returns whether one of the networks contains an address. */
    public static boolean anyContains(List<IpNetwork> networks, InetSocketAddress address) {
        for (var network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }
}
