package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Nginx;
import dev.freshet.testing.RawHttp;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

/** Streams through nginx with the shipped configuration. */
@EnabledIf(value = "dev.freshet.testing.Nginx#isInstalled", disabledReason = "nginx is not installed")
class StreamsBehindNginxTests {

    private static final String END = " HTTP/1.1\r\nHost: localhost\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "Content-Length: 5\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "\r\nGET /api/v1/articles?format=sse HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void opensStream_whenBytesFollow(String rest) throws IOException {
        var instance = Freshet.shared(Map.of());
        var tag = UUID.randomUUID().toString();
        try (var nginx = Nginx.start(instance.port(), instance.port());
                var connection = RawHttp.open(nginx.port())) {
            connection.send("GET /api/v1/articles?format=sse&tag=" + tag + END + rest);
            assertThat(connection.readTo(":welcome")).startsWith("HTTP/1.1 200 ");
            new LogWriter(instance).publish("Title " + tag, tag).block(TIMEOUT);
            assertThat(connection.readTo("Title " + tag)).contains("article.published");
        }
    }

    @Test
    void opensStream_whenEmptyDataFrameFollows() throws IOException {
        var instance = Freshet.shared(Map.of());
        var tag = UUID.randomUUID().toString();
        var http2 = Map.of("listen 8080;", "listen 8080 http2;");
        try (var nginx = Nginx.start(instance.port(), instance.port(), http2)) {
            var text = HttpClient.newConnection()
                    .protocol(HttpProtocol.H2C)
                    .baseUrl(nginx.url())
                    .request(HttpMethod.GET)
                    .uri("/api/v1/articles?format=ndjson&tag=" + tag)
                    .send(Mono.just(Unpooled.EMPTY_BUFFER))
                    .response((response, bytes) -> Flux.concat(
                            Mono.just(response.status().toString()),
                            new LogWriter(instance).publish("Title " + tag, tag).then(Mono.empty()),
                            bytes.asString()));
            StepVerifier.create(text)
                    .expectNext("200 OK")
                    .expectNextMatches(line -> line.contains("Title " + tag))
                    .thenCancel()
                    .verify(TIMEOUT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/closed", "/busy"})
    void failedRequestDoesNotAffectOthers(String path) throws IOException {
        var instance = HttpServer.create()
                .host("127.0.0.1")
                .route(routes -> routes.get(
                                "/closed", (request, response) -> response.withConnection(Connection::dispose))
                        .get(
                                "/busy",
                                (request, response) -> response.status(503).send())
                        .get("/", (request, response) -> response.sendString(Mono.just("served"))))
                .bindNow();
        try (var nginx = Nginx.start(instance.port(), instance.port())) {
            assertThat(status(nginx, path)).isIn(502, 503);
            assertThat(status(nginx, "/")).isEqualTo(200);
        } finally {
            instance.disposeNow();
        }
    }

    private static int status(Nginx nginx, String path) {
        return Objects.requireNonNull(HttpClient.newConnection()
                .get()
                .uri(nginx.url() + path)
                .responseSingle((response, bytes) ->
                        bytes.then(Mono.just(response.status().code())))
                .block(TIMEOUT));
    }
}
