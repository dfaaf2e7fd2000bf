package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Host header of HTTP/1.1 requests (RFC 9112, section 3.2). */
class HostTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host:\r\n",
                "Host: a b\r\n",
                "Host: a.example\r\nHost: b.example\r\n",
                "Host: a.example\r\nHost: a.example\r\n",
                "Host: a.example, b.example\r\n",
                "Host: a.example:x\r\n",
                "Host: a.example:99999\r\n",
                "Host: user@a.example\r\n",
                "Host: a.example/\r\n",
                "Host: a\"b\r\n",
                "Host: [::1\r\n"
            })
    void requestWithoutOneValidHostIsRefused(String lines) throws IOException {
        for (var target : new String[] {"/problems/not-found", "/api/v1/articles", "http://a.example/"}) {
            var answer = get(target + " HTTP/1.1", lines);
            assertThat(answer.status()).as("%s %s", target, answer).isEqualTo(400);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.body()).contains("/problems/invalid-request");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, 'Host: a.example\r\n'",
        "HTTP/1.1, 'Host: a_b.example:8080\r\n'",
        "HTTP/1.1, 'Host: [::1]:80\r\n'",
        "HTTP/1.1, 'host:127.0.0.1\r\n'",
        "HTTP/1.0, ''"
    })
    void requestWithOneHostIsAnswered(String version, String lines) throws IOException {
        assertThat(get("/problems/not-found " + version, lines).status()).isEqualTo(200);
    }

    private static RawHttp.Answer get(String line, String lines) throws IOException {
        return RawHttp.send(
                Freshet.shared(Map.of()).port(),
                ("GET " + line + "\r\n" + lines + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
