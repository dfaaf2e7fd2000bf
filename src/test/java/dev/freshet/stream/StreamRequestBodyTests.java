package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.RawHttp;
import dev.freshet.testing.TableLock;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

/** Requests for streams that are followed by more bytes: a body, or the next request. */
class StreamRequestBodyTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String LARGE_PART = "x".repeat(1 << 20);
    private static final int LARGE_PARTS = 64;

    @ParameterizedTest
    @EnumSource
    void opensStream_whenBytesFollowAtOnce(More more) throws IOException {
        var tag = UUID.randomUUID().toString();
        try (var connection = RawHttp.open(INSTANCE.port())) {
            connection.send(request(tag, more.headers) + more.bytes);
            var response = connection.readTo(":welcome");
            if (isRefused(more, response)) {
                return;
            }
            assertThat(response).startsWith("HTTP/1.1 200 ");
            assertDelivers(connection, tag);
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensStream_whenBytesFollowLater(More more) throws IOException {
        var tag = UUID.randomUUID().toString();
        try (var connection = RawHttp.open(INSTANCE.port())) {
            connection.send(request(tag, more.headers));
            assertThat(connection.readTo(":welcome")).startsWith("HTTP/1.1 200 ");
            connection.send(more.bytes);
            assertDelivers(connection, tag);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsStream_whenBytesFollowAndNothingIsFollowed(More more) throws IOException {
        try (var connection = RawHttp.open(INSTANCE.port())) {
            connection.send(request(UUID.randomUUID() + "&follow=false", more.headers) + more.bytes);
            var response = connection.rest();
            if (isRefused(more, response)) {
                return;
            }
            assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("0\r\n\r\n");
        }
    }

    /** Returns whether the web server has found the fault of a body before the stream opened. */
    private static boolean isRefused(More more, String response) {
        return more == More.BAD_CHUNK && response.startsWith("HTTP/1.1 400 ");
    }

    @Test
    void disconnectIsDetected_whenBodyIsIncomplete() throws IOException {
        var tag = UUID.randomUUID().toString();
        try (var connection = RawHttp.open(INSTANCE.port())) {
            connection.send(request(tag, More.PART_OF_BODY.headers) + More.PART_OF_BODY.bytes);
            connection.readTo(":welcome");
            await(tag, true);
        }
        await(tag, false);
    }

    /** Otherwise a client that sends its whole body before it reads would wait for ever. */
    @Test
    void bodyIsRead_whoseBeginningWaitedForTheStream() throws IOException {
        var tag = UUID.randomUUID().toString();
        var sent = new AtomicInteger();
        try (var lock = TableLock.of(INSTANCE, "feed_log");
                var connection = RawHttp.open(INSTANCE.port())) {
            // The start of the stream is read from the log.
            connection.send(
                    request(tag + "&since=PT0S", "Content-Length: " + LARGE_PARTS * LARGE_PART.length() + "\r\n"));
            var all = Mono.fromRunnable(() -> {
                        while (sent.get() < LARGE_PARTS) {
                            connection.send(LARGE_PART);
                            sent.incrementAndGet();
                        }
                    })
                    .subscribeOn(Schedulers.boundedElastic())
                    .toFuture();
            // More than the web server reads before the stream opens.
            Freshet.until(() -> sent.get() >= 2);
            lock.release();
            Mono.fromFuture(all).block(TIMEOUT);
            assertThat(connection.readTo(":welcome")).startsWith("HTTP/1.1 200 ");
            assertDelivers(connection, tag);
        }
    }

    private static void await(String tag, boolean open) {
        StepVerifier.create(Mono.fromCallable(() -> isOpen(tag))
                        .filter(is -> is == open)
                        .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(20))))
                .expectNext(open)
                .expectComplete()
                .verify(TIMEOUT);
    }

    private static boolean isOpen(String tag) {
        return INSTANCE.bean(LiveStreams.class).current().orElseThrow().subscribers().after(0).stream()
                .anyMatch(subscriber -> subscriber.terms().feed().tags().contains(tag));
    }

    private static String request(String tag, String headers) {
        return "GET /api/v1/articles?format=sse&tag=" + tag + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    private static void assertDelivers(RawHttp.Connection connection, String tag) throws IOException {
        var title = "Title " + tag;
        new LogWriter(INSTANCE).publish(title, tag).block(TIMEOUT);
        assertThat(connection.readTo(title)).contains("article.published").doesNotContain("HTTP/1.1");
    }

    /** Bytes after the headers of a request. */
    enum More {
        NONE("", ""),
        BODY("Content-Length: 5\r\n", "hello"),
        PART_OF_BODY("Content-Length: 500\r\n", "hello"),
        EXPECTED_BODY("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello"),
        EMPTY_CHUNKED_BODY("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        CHUNKED_BODY("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
        BAD_CHUNK("Transfer-Encoding: chunked\r\n", "not a chunk\r\n"),
        LARGE_BODY("Content-Length: 300000\r\n", "x".repeat(300_000)),
        NEXT_REQUEST("", "GET /api/v1/articles HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        NEXT_STREAM("", "GET /api/v1/articles?format=sse HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        BODY_AND_NEXT_REQUEST(
                "Content-Length: 5\r\n", "helloGET /api/v1/articles?format=sse HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        GARBAGE("", "\u0000\u0001garbage\r\n\r\n");

        private final String headers;
        private final String bytes;

        More(String headers, String bytes) {
            this.headers = headers;
            this.bytes = bytes;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello"})
    void opensStream_whenDataFramesFollow(String body) {
        var tag = UUID.randomUUID().toString();
        var title = "Title " + tag;
        // Netty's client sends the end of the body as a frame of its own.
        var lines = HttpClient.newConnection()
                .protocol(HttpProtocol.H2C)
                .baseUrl(INSTANCE.url())
                .request(HttpMethod.GET)
                .uri("/api/v1/articles?format=ndjson&tag=" + tag)
                .send(Mono.just(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)))
                .response((response, bytes) -> Flux.concat(
                        Mono.just(response.status().toString()),
                        Mono.defer(() -> new LogWriter(INSTANCE).publish(title, tag))
                                .then(Mono.empty()),
                        bytes.asString()));
        StepVerifier.create(lines)
                .expectNext("200 OK")
                .expectNextMatches(line -> line.contains(title))
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void twoStreamsOfOneConnectionAreIndependentOverHttp2() {
        var tag = UUID.randomUUID().toString();
        var client = HttpClient.create().protocol(HttpProtocol.H2C).baseUrl(INSTANCE.url());
        var statuses = Flux.fromIterable(List.of("sse", "ndjson"))
                .flatMap(format -> client.request(HttpMethod.GET)
                        .uri("/api/v1/articles?follow=false&format=" + format + "&tag=" + tag)
                        .send(Mono.just(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8)))
                        .responseSingle((response, bytes) -> bytes.asString()
                                .defaultIfEmpty("")
                                .map(text -> response.status().code())));
        StepVerifier.create(statuses).expectNext(200, 200).expectComplete().verify(TIMEOUT);
    }
}
