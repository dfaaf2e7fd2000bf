package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.http.ProxyServer.Kind;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.NeedsPrograms;
import dev.freshet.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of real proxies that write forwarded headers themselves. */
@NeedsPrograms({"nginx", "haproxy", "varnishd"})
class ProxyTests {

    /** An address that config/varnish.vcl lists among the proxies that end TLS. */
    private static final String TLS_PROXY = "127.0.0.1";

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** The proxies that append to X-Forwarded-For, as operators often configure them. The client is 127.0.1.x. */
    @ParameterizedTest
    @CsvSource({
        "NGINX, proxy_set_header X-Forwarded-For $remote_addr;, proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "HAPROXY, http-request set-header X-Forwarded-For %[src], option forwardfor"
    })
    void forgedAddressIsNotCountedInstead(Kind kind, String line, String appending) throws Exception {
        var instance = ForwardedHeaderTests.instance("x-forwarded-for").port();
        try (var proxy = ProxyServer.start(kind, instance, Map.of(line, appending))) {
            for (var forged :
                    new String[] {"[198.51.100.7]\"", "127.0.0.1:\"", "\"", "127.0.0.1, \"x", "a\r\nX-Forwarded-For: \""
                    }) {
                var client = "127.0.1." + NUMBERS.incrementAndGet();
                assertThat(signIn(proxy, client, forged)).isNotEqualTo(429);
                for (var i = 0; i < 3; i++) {
                    assertThat(signIn(proxy, client, forged)).as(forged).isEqualTo(429);
                }
            }
        }
    }

    /** The shipped configurations replace all that clients send. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shippedConfigurationReplacesForwardedHeaders(Kind kind) throws Exception {
        var instance = ForwardedHeaderTests.instance("x-forwarded-for").port();
        try (var proxy = ProxyServer.start(kind, instance, Map.of())) {
            var client = "127.0.2." + NUMBERS.incrementAndGet();
            assertThat(signIn(proxy, client, "198.51.100.1")).isNotEqualTo(429);
            assertThat(signIn(proxy, client, "198.51.100.2")).isEqualTo(429);
            for (var forged : new String[] {
                "X-Forwarded-Port: 6666",
                "X-Forwarded-Host: e.example",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Prefix: /e.example",
                "X-Forwarded-Ssl: on",
                "Forwarded: for=198.51.100.3;host=e.example;proto=https"
            }) {
                assertThat(feed(proxy, client, forged))
                        .as(forged)
                        .contains("\"http://news.example/")
                        .doesNotContain("6666", "e.example/", "https://");
            }
        }
    }

    /** A cache must not give a page with the links of one scheme or host to readers of another. */
    @Test
    void varnishCachesEachSchemeSeparately() throws Exception {
        var instance = ForwardedHeaderTests.cachingInstance().port();
        try (var proxy = ProxyServer.start(Kind.VARNISH, instance, Map.of())) {
            assertThat(feed(proxy, TLS_PROXY, "X-Forwarded-Proto: https")).contains("\"https://news.example/");
            assertThat(feed(proxy, TLS_PROXY, "X-Forwarded-Proto: http")).contains("\"http://news.example/");
            assertThat(feed(proxy, TLS_PROXY, "X-Forwarded-Proto: gopher")).contains("\"http://news.example/");
        }
    }

    private static String feed(ProxyServer proxy, String client, String header) throws IOException {
        return send(proxy, client, "GET /api/v1/articles?format=atom", header).body();
    }

    private static int signIn(ProxyServer proxy, String client, String forged) throws IOException {
        return send(proxy, client, "POST /api/v1/session", "Content-Length: 0\r\nX-Forwarded-For: " + forged)
                .status();
    }

    /** Repeats what a proxy refuses: on a busy machine its health check fails at times, and it waits for the next one. */
    private static RawHttp.Answer send(ProxyServer proxy, String client, String line, String headers)
            throws IOException {
        var end = Instant.now().plus(Freshet.TIMEOUT);
        var answer = sendOnce(proxy, client, line, headers);
        while (answer.status() == 503 && Instant.now().isBefore(end)) {
            answer = sendOnce(proxy, client, line, headers);
        }
        return answer;
    }

    private static RawHttp.Answer sendOnce(ProxyServer proxy, String client, String line, String headers)
            throws IOException {
        try (var connection = RawHttp.open(client, proxy.port())) {
            connection.send((line + " HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n" + headers + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            return connection.answer();
        }
    }
}
