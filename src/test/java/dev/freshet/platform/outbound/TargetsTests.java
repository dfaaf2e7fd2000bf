package dev.freshet.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.platform.StartupFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTests {

    private static final Targets PUBLIC = new Targets(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "100.64.0.1",
                "100.100.100.200",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::7f00:1",
                "100::1",
                "2001::1",
                "2001:0:7f00:1::",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void privateAddressesAreRefused(String address) throws UnknownHostException {
        assertThat(PUBLIC.allow("example.org", target(address, 80))).isFalse();
        assertThat(PUBLIC.allow("example.org", target(address, 443))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1.1.1.1, 80, true",
        "93.184.215.14, 443, true",
        "172.32.0.1, 443, true",
        "2606:4700:4700::1111, 443, true",
        "2a00:1450:4001:80b::200e, 80, true",
        "1.1.1.1, 22, false",
        "1.1.1.1, 6379, false",
        "2606:4700:4700::1111, 5432, false"
    })
    void publicAddressesAreAllowedOnWebPorts(String address, int port, boolean allowed) throws UnknownHostException {
        assertThat(PUBLIC.allow("example.org", target(address, port))).isEqualTo(allowed);
    }

    @Test
    void settingsAllowOtherAddresses() throws UnknownHostException {
        var targets = new Targets(List.of("Feeds.Intern.example", "10.1.0.0/16", "fd00::/8", "192.168.1.7"));

        assertThat(targets.allow("feeds.intern.example.", target("127.0.0.1", 8080)))
                .isTrue();
        assertThat(targets.allow("x", target("10.1.2.3", 9000))).isTrue();
        assertThat(targets.allow("x", target("fd12::1", 80))).isTrue();
        assertThat(targets.allow("x", target("192.168.1.7", 80))).isTrue();
        assertThat(targets.allow("x", target("192.168.1.8", 80))).isFalse();
        assertThat(targets.allow("x", target("10.2.0.1", 80))).isFalse();
        // The first bits of a network of the other family.
        assertThat(targets.allow("x", target("253.0.0.1", 80))).isFalse();
        assertThat(targets.allow("x", target("a01::1", 80))).isFalse();
        assertThat(targets.allow("evil.feeds.intern.example", target("127.0.0.1", 8080)))
                .isFalse();
        assertThatExceptionOfType(StartupFailure.class).isThrownBy(() -> new Targets(List.of("10.0.0.0/99")));
    }

    private static InetSocketAddress target(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }
}
