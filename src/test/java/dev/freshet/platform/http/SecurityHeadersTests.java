package dev.freshet.platform.http;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of every kind of answer, over real sockets, and which other origins may read them. */
class SecurityHeadersTests {

    private static final String LISTED_ORIGIN = "https://app.example";

    private static Freshet withoutCors;
    private static Freshet withCors;

    @BeforeAll
    static void start() {
        withoutCors = Freshet.shared(Map.of());
        withCors = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "freshet.samples",
                        "false",
                        "freshet.cors.origins",
                        LISTED_ORIGIN + ",https://other.example:8443",
                        "freshet.cors.credentials",
                        "true"));
    }

    @AfterAll
    static void stop() {
        withCors.close();
    }

    /** The status line and the headers of a response. */
    private record Head(String status, List<String> lines) {

        List<String> all(String name) {
            var prefix = name.toLowerCase(java.util.Locale.ROOT) + ": ";
            return lines.stream()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "GET, /, 200, ''",
        "GET, /?q=%3Cscript%3E, 200, ''",
        "GET, /?limit=no&before=no, 400, ''",
        "GET, /articles/nothing, 404, ''",
        "GET, /api/v1/articles, 200, ''",
        "HEAD, /api/v1/articles, 200, ''",
        "GET, /api/v1/articles?limit=no, 400, ''",
        "GET, /api/v1/articles?format=atom, 200, ''",
        "GET, /api/v1/articles, 406, 'Accept: image/png'",
        "GET, /api/v1/articles, 200, 'Accept: text/event-stream'",
        "GET, /api/v1/articles, 200, 'Accept: application/x-ndjson'",
        "GET, /api/v1/articles, 401, 'Authorization: Bearer no'",
        "POST, /api/v1/articles, 401, 'Content-Length: 0'",
        "PUT, /problems/not-found, 405, ''",
        "PUT, /api/v1/session, 401, ''",
        "GET, /api/v1/feeds, 200, ''",
        "GET, /api/v1/feeds?format=opml, 200, ''",
        "GET, /nothing, 404, ''",
        "GET, /%00, 400, ''",
        "GET, /assets/old/freshet.css, 200, ''",
        "GET, /assets/old/nothing.js, 404, ''",
        "GET, /problems/not-found, 200, 'Accept: text/html'",
        "GET, /openapi, 200, ''",
        "GET, /.well-known/jwks.json, 200, ''",
        "GET, /actuator/health, 200, ''",
        "GET, /actuator/prometheus, 401, ''",
        "GET, /, 431, long",
        "GET, long, 414, ''",
        "GET, /, 400, 'Content-Length: no'",
        "OPTIONS, /api/v1/articles, 204, 'Origin: https://other.example'",
    })
    void everyResponseHasSecurityHeaders(String method, String path, String status, String header) throws IOException {
        var address = path.equals("long") ? "/" + "a".repeat(20_000) : path;
        var extraHeader = header.equals("long") ? "X: " + "a".repeat(20_000) : header;

        var head = ask(withoutCors, method, address, extraHeader);

        assertThat(head.status()).contains(" " + status);
        assertThat(head.all("Content-Security-Policy"))
                .singleElement()
                .satisfies(policy -> assertThat(policy)
                        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
                        .doesNotContain("unsafe", "*"));
        assertThat(head.all("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(head.all("X-Frame-Options")).containsExactly("DENY");
        assertThat(head.all("Referrer-Policy")).containsExactly("strict-origin-when-cross-origin");
        assertThat(head.all("Cross-Origin-Opener-Policy")).containsExactly("same-origin");
        assertThat(head.all("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(head.all("Permissions-Policy"))
                .singleElement()
                .satisfies(policy -> assertThat(policy).contains("camera=()", "geolocation=()"));
        // Sent over TLS only. Browsers ignore it elsewhere, but proxies may forward it.
        assertThat(head.all("Strict-Transport-Security")).isEmpty();
        assertThat(head.all("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/articles/nothing, 404, ''",
        "/api/v1/articles, 200, 'Accept: text/event-stream'",
        "/api/v1/articles, 200, 'Accept: application/x-ndjson'",
        "/api/v1/articles, 401, 'Authorization: Bearer no'",
        "/api/v1/articles?format=atom, 200, ''",
        "/api/v1/articles, 200, ''",
        "/.well-known/jwks.json, 200, ''",
        "/graphql?query=%7Bfeeds%7Bcursor%7D%7D, 200, ''",
        "/graphql?query=%7Bnothing%7D, 400, 'Accept: application/graphql-response+json'",
        "/graphql?query=subscription%7Bevents%7Btype%7D%7D, 200, 'Accept: text/event-stream'",
        "/graphql/schema, 200, ''"
    })
    void listedOriginMayReadTheApi(String path, String status, String header) throws IOException {
        var head = ask(withCors, "GET", path, header, "Origin: " + LISTED_ORIGIN);

        assertThat(head.status()).contains(" " + status);
        assertThat(head.all("Access-Control-Allow-Origin")).containsExactly(LISTED_ORIGIN);
        assertThat(head.all("Access-Control-Allow-Credentials")).containsExactly("true");
        assertThat(head.all("Access-Control-Expose-Headers"))
                .singleElement()
                .satisfies(names -> assertThat(names).contains("ETag", "Link", "Freshet-Cursor"));
        assertThat(head.all("Vary")).anyMatch(names -> names.contains("Origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/articles/x", "/graphql"})
    void preflightOfListedOriginAllowsWrites(String path) throws IOException {
        var preflight = new String[] {
            "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: authorization, if-match"
        };
        var head = ask(withCors, "OPTIONS", path, "Origin: " + LISTED_ORIGIN, preflight[0], preflight[1]);

        assertThat(head.status()).contains(" 200");
        assertThat(head.all("Access-Control-Allow-Origin")).containsExactly(LISTED_ORIGIN);
        assertThat(head.all("Access-Control-Allow-Methods"))
                .singleElement()
                .satisfies(methods -> assertThat(methods).contains("PUT", "PATCH", "DELETE"));
        assertThat(head.all("Access-Control-Allow-Headers")).containsExactly("authorization, if-match");
        assertThat(head.all("Access-Control-Max-Age")).containsExactly("3600");

        var stranger = ask(withCors, "OPTIONS", path, "Origin: https://evil.example", preflight[0], preflight[1]);
        assertThat(stranger.all("Access-Control-Allow-Origin")).isEmpty();
        assertThat(stranger.all("Access-Control-Allow-Methods")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/articles, https://evil.example",
        "/api/v1/articles, https://app.example.evil.example",
        "/api/v1/articles, http://app.example",
        "/api/v1/articles, null",
        "/api/v1/feeds, https://evil.example",
        "/graphql?query=%7Bfeeds%7Bcursor%7D%7D, https://evil.example",
        "/, https://app.example"
    })
    void otherOriginsAndPagesGetNoCorsHeaders(String path, String origin) throws IOException {
        var head = ask(withCors, "GET", path, "Origin: " + origin);

        assertThat(head.status()).contains(" 200");
        assertThat(head.all("Access-Control-Allow-Origin")).isEmpty();
        assertThat(head.all("Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    void responsesVaryByOrigin() throws IOException {
        for (var path : List.of("/api/v1/articles", "/api/v1/feeds", "/graphql?query=%7Bfeeds%7Bcursor%7D%7D")) {
            assertThat(ask(withCors, "GET", path).all("Vary"))
                    .as(path)
                    .anyMatch(names -> names.contains("Origin"))
                    .anyMatch(names -> names.contains("Accept"));
        }
    }

    @Test
    void listedOriginMaySendCookiesWithWrites() throws IOException {
        assertThat(ticket("Origin: " + LISTED_ORIGIN).status()).contains(" 401");
        assertThat(ticket("Origin: https://evil.example").status()).contains(" 403");
    }

    /** Requests with an unknown cookie, since another filter checks that. */
    private static Head ticket(String origin) throws IOException {
        return ask(
                withCors,
                "POST",
                "/api/v1/stream-tickets",
                origin,
                "Sec-Fetch-Site: same-site",
                "Cookie: freshet=frc_nobody",
                "Content-Length: 0");
    }

    private static Head ask(Freshet instance, String method, String path, String... headers) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), instance.port())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
            for (var header : headers) {
                if (!header.isEmpty()) {
                    request.append(header).append("\r\n");
                }
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var status = String.valueOf(in.readLine());
            var lines = new ArrayList<String>();
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            return new Head(status, lines);
        }
    }
}
