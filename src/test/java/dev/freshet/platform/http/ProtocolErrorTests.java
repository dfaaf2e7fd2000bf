package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Alone;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Clients that break the protocol, over raw sockets. None of them can fill the log. */
@Alone
class ProtocolErrorTests {

    private static final String POST =
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private static final int MAX_SILENCE_MILLIS = 3000;

    private static Freshet instance;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeAll
    static void start() {
        instance = Freshet.shared(Map.of());
    }

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void nothingAboveDebugIsLogged() throws IOException {
        // The instance has handled all that came before.
        for (var i = 0; i < 10; i++) {
            assertThat(RawHttp.send(
                                    port(),
                                    utf8(
                                            "GET /problems/not-found HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                            .status())
                    .isEqualTo(200);
        }
        root.detachAppender(log);
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                // A part of the start of the instance.
                .filteredOn(event -> !event.getLoggerName().endsWith(".FirstAccount"))
                .extracting(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getClassName() + " "
                                        + event.getThrowableProxy().getMessage()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\nzz\r\n",
                POST + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                POST + "Transfer-Encoding: gzip\r\n\r\n",
                POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                POST + "Content-Length: -1\r\n\r\n",
                POST + "Content-Length: 99\r\n\r\n{",
                POST + "\0: \0\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET http://[/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /%zz?%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "\u0016\u0003\u0001\0\u0005\u0001\0\0\u0001",
                "PRI * HTTP/2.0\r\n\r\nnonsense",
                "PRI * HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /api/v1/articles?format=ndjson HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
                "GET /api/v1/articles?format=sse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "GET /api/v1/articles?format=sse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET /api/v1/articles?format=ndjson HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void brokenRequestIsNotLogged(String request) throws IOException {
        for (var reset : new boolean[] {false, true}) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                if (!request.contains("format=") && !request.contains("99")) {
                    socket.setSoTimeout(MAX_SILENCE_MILLIS);
                    read(socket);
                }
                if (reset) {
                    socket.setSoLinger(true, 0);
                }
            }
        }
    }

    @Test
    void refusedStreamStartsNoSecondResponse() throws IOException {
        var path = "/api/v1/articles?format=sse&follow=false&since=PT0S";
        var request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        var protocolErrors = (Logger) LoggerFactory.getLogger(ProtocolErrorLog.class);
        protocolErrors.setLevel(Level.DEBUG);
        try {
            for (var i = 0; i < 1000; i++) {
                try (var connection = RawHttp.open(port())) {
                    connection.send(request);
                    // The server finds the fault before, while or after the stream opens.
                    LockSupport.parkNanos(i % 400 * 1000L);
                    connection.send("zz\r\n");
                    assertThat(connection.answer().status()).isIn(0, 200, 400);
                }
            }
        } finally {
            protocolErrors.setLevel(null);
        }
        assertThat(log.list)
                .map(ILoggingEvent::getThrowableProxy)
                .filteredOn(Objects::nonNull)
                .extracting(IThrowableProxy::getMessage)
                .doesNotContain("Status and headers already sent");
    }

    /** The server answers and closes while the rest of the body is on its way. */
    @Test
    void bodyThatArrivesAfterItsResponseIsNotLogged() throws IOException {
        for (var head : new String[] {
            "POST /api/v1/articles HTTP/1.1\r\n",
            "POST /api/v1/articles HTTP/1.1\r\nAuthorization: Bearer "
                    + instance().token(Role.AUTHOR) + "\r\n",
            "POST /api/v1/imports HTTP/1.1\r\nContent-Encoding: br\r\nAuthorization: Bearer "
                    + instance().token(Role.AUTHOR) + "\r\n",
            "POST /nowhere HTTP/1.1\r\n",
            "POST /sign-in HTTP/1.1\r\n"
        }) {
            for (var i = 0; i < 3; i++) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                    socket.setSoTimeout(MAX_SILENCE_MILLIS);
                    var out = socket.getOutputStream();
                    out.write(
                            utf8(
                                    head
                                            + "Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n"));
                    for (var sent = 0; sent < 9_000_000; sent += 100_000) {
                        out.write(new byte[100_000]);
                    }
                    read(socket);
                } catch (IOException closed) {
                    // The server does not read it all.
                }
            }
        }
    }

    @Test
    void brokenHttp2StreamsAreNotLogged() throws IOException {
        var post = headers(false);
        for (var frames : new byte[][] {
            frame(Http2FrameTypes.WINDOW_UPDATE, 0, 1, 0, 0, 0, 0),
            concat(frame(Http2FrameTypes.DATA, 0, 1, '{'), frame(Http2FrameTypes.WINDOW_UPDATE, 0, 1, 0, 0, 0, 0)),
            frame(Http2FrameTypes.DATA, 1, 1, '{', '}', ' '),
            frame(Http2FrameTypes.DATA, 1, 1, '{'),
            frame(Http2FrameTypes.RST_STREAM, 0, 1, 0, 0, 0, 1),
            frame(Http2FrameTypes.RST_STREAM, 0, 9, 0, 0, 0, 1),
            frame(Http2FrameTypes.WINDOW_UPDATE, 0, 0, 0x7f, 0xff, 0xff, 0xff),
            frame(Http2FrameTypes.WINDOW_UPDATE, 0, 1, 0x7f, 0xff, 0xff, 0xff),
            frame(Http2FrameTypes.PRIORITY, 0, 1, 0, 0, 0, 1, 1),
            frame(Http2FrameTypes.DATA, 0, 0, 'x'),
            frame(Http2FrameTypes.HEADERS, 5, 3, 0xff, 0xff, 0xff),
            frame(Http2FrameTypes.SETTINGS, 0, 0, 1),
            frame(Http2FrameTypes.PUSH_PROMISE, 4, 1, 0, 0, 0, 2),
            frame(Http2FrameTypes.CONTINUATION, 4, 1, 0x82),
            headers(true)
        }) {
            assertThat(exchange(concat(post, frames)).length).isPositive();
        }
    }

    /** Counts streams that the server resets, and streams that the client resets. Netty has the limit. */
    @ParameterizedTest
    @ValueSource(bytes = {Http2FrameTypes.WINDOW_UPDATE, Http2FrameTypes.RST_STREAM})
    void connectionEnds_after200StreamErrors(byte fault) throws IOException {
        var before = errors();
        var batches = new ArrayList<byte[]>();
        for (var stream = 1; stream < 2 * 400; stream += 2) {
            batches.add(concat(headers(stream), frame(fault, 0, stream, 0, 0, 0, 0)));
        }
        var answeredPings = 0;
        @Nullable Http2Error goAway = null;
        var received = ByteBuffer.wrap(exchange(batches.toArray(byte[][]::new)));
        while (goAway == null && received.remaining() >= Http2CodecUtil.FRAME_HEADER_LENGTH) {
            var length = ((received.getShort() & 0xffff) << Byte.SIZE) | (received.get() & 0xff);
            var type = received.get();
            var payload = received.position() + 1 + Integer.BYTES;
            answeredPings += type == Http2FrameTypes.PING ? 1 : 0;
            // The error code follows the last stream.
            goAway = type == Http2FrameTypes.GO_AWAY
                    ? Http2Error.valueOf(received.getInt(payload + Integer.BYTES))
                    : null;
            received.position(Math.min(payload + length, received.limit()));
        }
        // A client that still sends gets a TCP reset, which may discard the frame before the client has read it.
        assertThat(goAway).isIn(Http2Error.ENHANCE_YOUR_CALM, null);
        // Pings in between are answered before the connection ends.
        assertThat(answeredPings).isBetween(200, 210);
        assertThat(errors()).isGreaterThan(before);
    }

    private static double errors() {
        return instance().bean(MeterRegistry.class).find("freshet.protocol.errors").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Sends frames after the preface, each time after the server has answered a ping, and returns what it sends. */
    private static byte[] exchange(byte[]... batches) throws IOException {
        var heard = new ByteArrayOutputStream();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout((int) Freshet.TIMEOUT.toMillis());
            var out = socket.getOutputStream();
            out.write(utf8("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
            out.write(frame(Http2FrameTypes.SETTINGS, 0, 0));
            for (var batch : batches) {
                out.write(concat(batch, frame(Http2FrameTypes.PING, 0, 0, 'f', 'r', 'e', 's', 'h', 'e', 't', '!')));
                for (var last = -1; last != '!'; heard.write(last)) {
                    last = socket.getInputStream().read();
                    if (last < 0) {
                        return heard.toByteArray();
                    }
                }
            }
        } catch (IOException reset) {
            heard.write(0);
        }
        return heard.toByteArray();
    }

    private static byte[] headers(boolean trailer) {
        return trailer ? frame(Http2FrameTypes.HEADERS, 4, 1, 0x82) : headers(1);
    }

    /** A POST of two bytes to the session, in literal header fields. */
    private static byte[] headers(int stream) {
        var block = new ByteArrayOutputStream();
        block.write(0x83);
        block.write(0x86);
        for (var field : new String[][] {
            {":path", "/api/v1/session"},
            {":authority", "localhost"},
            {"content-type", "application/json"},
            {"content-length", "2"}
        }) {
            block.write(0);
            block.write(field[0].length());
            block.writeBytes(utf8(field[0]));
            block.write(field[1].length());
            block.writeBytes(utf8(field[1]));
        }
        var bytes = block.toByteArray();
        var payload = new int[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            payload[i] = bytes[i];
        }
        return frame(Http2FrameTypes.HEADERS, 4, stream, payload);
    }

    private static byte[] frame(byte type, int flags, int stream, int... payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (var shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >> shift);
        }
        for (var octet : payload) {
            frame.write(octet);
        }
        return frame.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static void read(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {}
        } catch (IOException reset) {
            // The server may close with unread data.
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int port() {
        return instance().port();
    }

    private static Freshet instance() {
        return instance;
    }
}
