package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients behind a trusted proxy that write a forwarded header themselves, to which the proxy appends their address. */
class ForwardedHeaderTests {

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    /** Shared with the tests of real proxies. The first sign-in of an address is counted, the second is refused. */
    static Freshet instance(String header) {
        return Freshet.shared(settings(header));
    }

    /** The same, which in addition permits shared caches to store its pages. */
    static Freshet cachingInstance() {
        var settings = settings("x-forwarded-for");
        settings.put("freshet.cdn.max-age", "1h");
        return Freshet.shared(settings);
    }

    private static Map<String, String> settings(String header) {
        return new HashMap<>(Map.of(
                "freshet.limits.trusted-proxies", "127.0.0.1, 10.0.0.0/8",
                "freshet.limits.exempt", "127.0.0.1",
                "freshet.limits.sign-in-per-address", "1/1h",
                "freshet.limits.proxy-header", header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.7",
                "[198.51.100.7]\"",
                "127.0.0.1:\"",
                "\"",
                "\"127.0.0.1",
                "10.0.0.1, \"",
                "unknown",
                "[::1",
                ",,",
                "\\\""
            })
    void addressThatTheProxyAppendsIsCounted(String forged) throws IOException {
        for (var separator : new String[] {", ", "\r\nX-Forwarded-For: "}) {
            assertCounted("x-forwarded-for", "X-Forwarded-For: " + forged + separator, "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for=198.51.100.7",
                "for=\"198.51.100.7",
                "for=\"127.0.0.1:",
                "for=127.0.0.1;host=\"",
                "for=10.0.0.1, \"",
                "for=unknown",
                "for=\"[::1\\\"",
                "\"\\",
                ";;,",
                "nonsense"
            })
    void addressThatTheProxyAppendsAsForwardedIsCounted(String forged) throws IOException {
        for (var separator : new String[] {", for=", "\r\nForwarded: for=", ", for=\""}) {
            assertCounted("forwarded", "Forwarded: " + forged + separator, separator.endsWith("\"") ? "\"" : "");
        }
    }

    /** The client's own text must not reach the scheme and host either. */
    @ParameterizedTest
    @CsvSource({
        "x-forwarded-for, 'X-Forwarded-For: 10.0.0.9\"\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: e.example'",
        "x-forwarded-for, 'X-Forwarded-For: [10.0.0.9]x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: e.example'",
        "x-forwarded-for, 'X-Forwarded-Host: \"e.example, news.example\"'",
        "forwarded, 'Forwarded: for=10.0.0.9;host=e.example;proto=https;host=news.example'",
        "forwarded, 'Forwarded: host=e.example;proto=https, for=\"10.0.0.9'",
        "forwarded, 'Forwarded: host=e.example;proto=https;for=10.0.0.9 x'",
        "forwarded, 'Forwarded: host=e.example;proto=https;for=10.0.0.9:\"'"
    })
    void malformedHeaderIsNotTrusted(String header, String lines) throws IOException {
        assertThat(atom(instance(header).port(), lines))
                .contains("http://localhost/")
                .doesNotContain("e.example");
    }

    @ParameterizedTest
    @CsvSource({
        "x-forwarded-for, 'X-Forwarded-For: 203.0.113.250\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: news.example'",
        "x-forwarded-for, 'X-Forwarded-Proto: https\r\nX-Forwarded-Host: e.example, news.example'",
        "x-forwarded-for, 'X-Forwarded-For: unknown\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: news.example:443'",
        "forwarded, 'Forwarded: host=e.example, for=\"[2001:db8::1]:80\";proto=https;host=\"news.example\"'",
        "forwarded, 'Forwarded: for=203.0.113.250; Proto=HTTPS; host=news.example, for=10.0.0.9'",
        "forwarded, 'Forwarded: for=_hidden;proto=https;host=news.example:443'",
        "forwarded, 'Forwarded: proto=https;host=\"news\\.example\"'"
    })
    void schemeAndHostOfTheProxyAreUsed(String header, String lines) throws IOException {
        assertThat(atom(instance(header).port(), lines))
                .contains("https://news.example/")
                .doesNotContain("e.example");
    }

    @Test
    void longQuotedStringIsRead() throws IOException {
        var quoted = "Forwarded: for=10.0.0.9;host=news.example;by=\"" + "\\a".repeat(3500) + "\"";
        assertThat(atom(instance("forwarded").port(), quoted)).contains("http://news.example/");
    }

    private static String atom(int port, String lines) throws IOException {
        return send(port, "GET /api/v1/articles?format=atom&tag=tag-" + CLIENTS.incrementAndGet(), lines)
                .body();
    }

    private static void assertCounted(String header, String before, String after) throws IOException {
        var port = instance(header).port();
        var client = "203.0.113." + CLIENTS.incrementAndGet();
        assertThat(signIn(port, before + client + after)).isNotEqualTo(429);
        assertThat(signIn(port, before + client + after)).isEqualTo(429);
    }

    private static int signIn(int port, String lines) throws IOException {
        return send(port, "POST /api/v1/session", lines + "\r\nContent-Length: 0")
                .status();
    }

    private static RawHttp.Answer send(int port, String line, String headers) throws IOException {
        return RawHttp.send(
                port,
                (line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
