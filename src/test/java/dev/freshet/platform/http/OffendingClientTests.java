package dev.freshet.platform.http;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import dev.freshet.testing.RawHttp.Answer;
import dev.freshet.testing.Stores;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Clients that send too much, too deep or too slowly, over real sockets. */
@Order(1)
class OffendingClientTests {

    private static final Duration DRIP_INTERVAL = Duration.ofMillis(100);

    private static Freshet instance;
    private static String author;

    @BeforeAll
    static void start() {
        instance = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "freshet.samples", "false",
                        "freshet.tags", "3",
                        "freshet.limits.head-time", "1s",
                        "freshet.limits.body-time", "1s",
                        "freshet.limits.import-pause", "1s",
                        "server.netty.idle-timeout", "2s",
                        "server.max-http-request-header-size", "3KB",
                        "server.netty.max-initial-line-length", "2KB",
                        "spring.http.codecs.max-in-memory-size", "10KB",
                        "spring.jackson.factory.constraints.read.max-nesting-depth", "5"));
        author = instance.token(Role.AUTHOR);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void endlessHeadTimesOut() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
            connection.drip("x", DRIP_INTERVAL);
            assertProblem(connection.answer(), 408, "too-slow", "The request line and headers");
        }
    }

    @Test
    void endlessHeadTimesOut_afterAnotherRequest() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("GET /problems/too-slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.readTo("Too slow")).contains("HTTP/1.1 200");
            connection.drip("\r\n", DRIP_INTERVAL);
            assertThat(connection.rest()).contains("HTTP/1.1 408", "/problems/too-slow");
        }
    }

    /** Sends an unfinished frame, or frames without an end. */
    @ParameterizedTest
    @CsvSource({"1000, x", "0, '\0\0\1\11\0\0\0\0\1x'"})
    void endlessHeadTimesOut_overHttp2(int length, String drop) throws IOException, Http2Exception {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            connection.send(new byte[] {0, 0, 0, Http2FrameTypes.SETTINGS, 0, 0, 0, 0, 0});
            connection.send(
                    new byte[] {0, (byte) (length >> 8), (byte) length, Http2FrameTypes.HEADERS, 0, 0, 0, 0, 1});
            connection.drip(drop, DRIP_INTERVAL);
            assertThat(statuses(connection.restAsBytes()))
                    .containsExactly("ENHANCE_YOUR_CALM: The request line and headers took too long.");
        }
    }

    @Test
    void endlessPrefaceOfHttp2TimesOut() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("PRI * HTTP/2.0\r\n");
            connection.drip("\r\n", Duration.ofMillis(700));
            assertThat(connection.rest()).contains("HTTP/1.1 408");
        }
    }

    @Test
    void slowBodyTimesOut_overHttp2() throws IOException, Http2Exception {
        try (var connection = RawHttp.open(instance.port())) {
            var headers = http2Headers("POST", "/api/v1/articles")
                    .add("authorization", "Bearer " + author)
                    .add("content-type", MediaType.APPLICATION_JSON_VALUE);
            connection.send(http2Request(headers, false));
            connection.drip("\0\0\1\0\0\0\0\0\1 ", DRIP_INTERVAL);
            assertThat(statuses(connection.bytesTo("/problems/too-slow"))).containsExactly("408");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /problems/too-slow HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    void idleConnectionIsClosed(String before) throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send(before);
            assertThat(connection.rest()).doesNotContain("HTTP/1.1 408");
        }
    }

    @Test
    void pingsDontKeepAnIdleConnection() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            connection.send(new byte[] {0, 0, 0, Http2FrameTypes.SETTINGS, 0, 0, 0, 0, 0});
            connection.drip("\0\0\b\6\0\0\0\0\0pingping", DRIP_INTERVAL);
            connection.restAsBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/articles HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n",
                "POST /api/v1/articles HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n",
                "POST /api/v1/images HTTP/1.1\r\nContent-Type: image/png\r\nContent-Length: 9999\r\n"
            })
    void slowBodyTimesOut(String head) throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send(head + "Host: localhost\r\nSec-Fetch-Site: same-origin\r\nAuthorization: Bearer " + author
                    + "\r\n\r\n");
            connection.drip(head.contains("chunked") ? "1\r\n \r\n" : " ", DRIP_INTERVAL);
            assertProblem(connection.answer(), 408, "too-slow", "less than 1024 bytes per second");
        }
    }

    @Test
    void unreadBodyIsAbandoned() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("POST /api/v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n");
            connection.drip(" ", DRIP_INTERVAL);
            assertThat(connection.rest()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void bodyAfterTheResponseIsIgnored() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("POST /api/v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n");
            assertThat(connection.readTo("/problems/unauthorized")).startsWith("HTTP/1.1 401");
            connection.send("{");
            connection.send("}");
            assertThat(connection.rest()).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void importMayLastLong_butNotPause() throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send("POST /api/v1/imports HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + author
                    + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 9999\r\n\r\n");
            connection.send("{\"title\": \"One\", \"id\": \"one\"}\n");
            var response = connection.readTo("\"created\":1");
            assertThat(response).startsWith("HTTP/1.1 200");
            // On a busy machine the end may arrive with the progress.
            assertThat(response + connection.rest()).contains("too-slow", "line break");
        }
    }

    @Test
    void tooLargeHeadersAreRefused() throws IOException {
        assertProblem(ask("GET / HTTP/1.1\r\nX: " + "x".repeat(3500)), 431, "headers-too-large", "3072 bytes");
    }

    @Test
    void tooLargeHeadersAreRefused_overHttp2() throws IOException, Http2Exception {
        try (var connection = RawHttp.open(instance.port())) {
            var headers = http2Headers("GET", "/problems/too-slow").add("x", "x".repeat(3200));
            connection.send(http2Request(headers, true));
            assertThat(statuses(connection.restAsBytes())).first().isEqualTo("431");
        }
    }

    private static Http2Headers http2Headers(String method, String path) {
        return new DefaultHttp2Headers()
                .method(method)
                .scheme("http")
                .authority("localhost")
                .path(path);
    }

    /** Encodes a request without the limits that the server announces, which a client of Netty would respect. */
    @SuppressWarnings("FutureReturnValueIgnored") // everything is in memory
    private static byte[] http2Request(Http2Headers headers, boolean isLast) {
        var channel = new EmbeddedChannel();
        var context = context(channel);
        var frames =
                new DefaultHttp2FrameWriter(new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true));
        context.write(Http2CodecUtil.connectionPrefaceBuf());
        frames.writeSettings(context, new Http2Settings(), context.newPromise());
        frames.writeHeaders(context, 1, headers, 0, isLast, context.newPromise());
        channel.flush();
        var sent = new ByteArrayOutputStream();
        for (ByteBuf part; (part = channel.readOutbound()) != null; part.release()) {
            sent.writeBytes(ByteBufUtil.getBytes(part));
        }
        return sent.toByteArray();
    }

    /** Returns the statuses in a response and the reason for the end of the connection. */
    private static List<String> statuses(byte[] answer) throws Http2Exception {
        var statuses = new ArrayList<String>();
        var frames = Unpooled.wrappedBuffer(answer);
        var reader = new DefaultHttp2FrameReader();
        while (frames.isReadable()) {
            reader.readFrame(context(new EmbeddedChannel()), frames, new Http2FrameAdapter() {
                @Override
                public void onHeadersRead(
                        ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean isLast) {
                    statuses.add(headers.status().toString());
                }

                @Override
                public void onGoAwayRead(ChannelHandlerContext context, int lastStream, long error, ByteBuf reason) {
                    statuses.add(Http2Error.valueOf(error) + ": " + reason.toString(StandardCharsets.UTF_8));
                }
            });
        }
        return statuses;
    }

    private static ChannelHandlerContext context(EmbeddedChannel channel) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        return channel.pipeline().lastContext();
    }

    @Test
    void tooLongQueryIsRefused() throws IOException {
        assertProblem(ask("GET /?tag=" + "x".repeat(2500) + " HTTP/1.1"), 414, "uri-too-long", "2048 bytes");
    }

    @Test
    void bytesThatAreNotHttpAreRefused() throws IOException {
        assertProblem(ask("GET / HTTP/1.1\r\nContent-Length: no"), 400, "invalid-request", "HTTP");
    }

    @Test
    void tooDeepJsonIsRefused() throws IOException {
        assertProblem(
                publish("{\"title\": " + "[".repeat(6) + "]".repeat(6) + "}"), 400, "invalid-request", "too deep");
    }

    @ParameterizedTest
    @CsvSource({"application/x-ndjson, 200", "application/feed+json, 400"})
    void tooDeepJsonOfAnImportIsRefused(String type, int status) throws IOException {
        try (var connection = RawHttp.open(instance.port())) {
            connection.send(request("/api/v1/imports", type, "{\"x\": " + "[".repeat(6) + "]".repeat(6) + "}"));
            assertThat(connection.rest()).startsWith("HTTP/1.1 " + status).contains("nested too deeply");
        }
    }

    @Test
    void tooLargeBodyIsRefused() throws IOException {
        assertProblem(
                publish("{\"title\": \"" + "x".repeat(11_000) + "\"}"), 413, "content-too-large", "exceeds the limit");
    }

    @Test
    void tagsBeyondTheLimitAreRefused() throws IOException {
        assertProblem(
                publish("{\"title\": \"T\", \"tags\": [\"a\", \"b\", \"c\", \"d\"]}"),
                400,
                "invalid-request",
                "must have at most 3");
    }

    @Test
    void compressedBodyIsRefused() throws IOException {
        assertProblem(
                ask(
                        "POST /api/v1/articles HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\nAuthorization: Bearer "
                                + author),
                415,
                "unsupported-media-type",
                "Content-Encoding");
    }

    @Test
    void offendingClientsDelayNoOther() throws IOException {
        var offenders = new ArrayList<RawHttp.Connection>();
        try {
            for (var i = 0; i < 100; i++) {
                var offender = RawHttp.open(instance.port());
                offenders.add(offender);
                offender.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
            }
            for (var i = 0; i < 50; i++) {
                assertThat(ask("GET /api/v1/articles HTTP/1.1").status()).isEqualTo(200);
            }
        } finally {
            for (var offender : offenders) {
                offender.close();
            }
        }
    }

    /** Readers send nothing for longer than the idle timeout and the body timeout. */
    @ParameterizedTest
    @EnumSource(
            value = HttpProtocol.class,
            names = {"HTTP11", "H2C"})
    void streamOutlivesTheIdleTimeout(HttpProtocol protocol) {
        var stream = HttpClient.create()
                .protocol(protocol)
                .headers(headers -> headers.set("Accept", MediaType.TEXT_EVENT_STREAM_VALUE))
                .get()
                .uri(instance.url() + "/api/v1/articles?since=latest")
                .responseContent()
                .asString();
        var late = Mono.delay(Duration.ofSeconds(4))
                .publishOn(Schedulers.boundedElastic())
                .flatMap(tick -> Mono.fromCallable(
                        () -> publish("{\"title\": \"At last " + protocol + "\", \"status\": \"published\"}")));
        var response = Flux.merge(stream, late.ignoreElement().cast(String.class))
                .scan("", String::concat)
                .takeUntil(text -> text.contains("At last " + protocol))
                .blockLast(TIMEOUT);
        assertThat(response).contains("At last " + protocol);
    }

    private static Answer publish(String json) throws IOException {
        return RawHttp.send(instance.port(), request("/api/v1/articles", MediaType.APPLICATION_JSON_VALUE, json));
    }

    private static byte[] request(String path, String type, String json) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + author
                        + "\r\nContent-Type: " + type + "\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Answer ask(String head) throws IOException {
        return RawHttp.send(
                instance.port(),
                (head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertProblem(Answer answer, int status, String slug, String detail) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.body()).contains("\"/problems/" + slug + "\"", detail);
    }
}
