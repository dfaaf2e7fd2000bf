package dev.freshet.testing;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** Relays connections to PostgreSQL, records statements and counts round trips of their clients, and can pause them. */
public final class PostgresRelay implements AutoCloseable {

    private final AtomicInteger roundTrips = new AtomicInteger();
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private final URI url;
    private final DisposableServer server;
    // Completed while requests are passed on.
    private volatile Sinks.Empty<Void> gate = Sinks.empty();
    private final AtomicInteger accepted = new AtomicInteger();
    // Connections up to this number have no open end.
    private volatile int silenced;

    /** @param address {@code postgresql://user:password@host:port/name} */
    public PostgresRelay(String address) {
        gate.tryEmitEmpty();
        url = URI.create(address);
        var client = TcpClient.newConnection().host(url.getHost()).port(url.getPort());
        server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((fromClient, toClient) -> client.connect().flatMap(database -> {
                    var number = accepted.incrementAndGet();
                    var replies = new Replies();
                    var requests = new Requests();
                    return Mono.firstWithSignal(
                                    database.outbound()
                                            .send(fromClient
                                                    .receive()
                                                    .retain()
                                                    .doOnNext(requests::read)
                                                    .concatMap(request -> number <= silenced
                                                            ? Mono.<ByteBuf>never()
                                                            : gate.asMono().thenReturn(request)))
                                            .then(),
                                    toClient.send(database.inbound()
                                                    .receive()
                                                    .retain()
                                                    .doOnNext(replies::count))
                                            .then())
                            .doFinally(end -> database.dispose());
                }))
                .bindNow(Duration.ofMinutes(1));
    }

    /** Returns the URL of the database through this relay, without encryption. */
    public String url() {
        return "postgresql://" + url.getUserInfo() + "@127.0.0.1:" + server.port() + url.getPath() + "?sslmode=disable";
    }

    /** Returns the number of requests that the server has answered so far, those of the connection's start included. */
    public int roundTrips() {
        return roundTrips.get();
    }

    /** Returns the texts of the statements that clients have sent so far, in order. */
    public List<String> statements() {
        synchronized (statements) {
            return List.copyOf(statements);
        }
    }

    /** Holds back everything that clients send, so that they seem to have stopped. */
    public void pause() {
        gate = Sinks.empty();
    }

    /** Holds back everything that present connections send, for good. Further connections work. */
    public void silence() {
        silenced = accepted.get();
    }

    /** Passes on the requests that were held back, and all further ones. */
    public void resume() {
        gate.tryEmitEmpty();
    }

    @Override
    public void close() {
        server.disposeNow();
    }

    /** Finds the messages ReadyForQuery, which end the reply to each request. */
    private final class Replies {

        private static final int HEADER_BYTES = 5;

        private int headerBytes;
        private int type;
        private int remaining;

        /** Each message has a type of one byte, and four bytes of length, which include themselves. */
        void count(ByteBuf bytes) {
            for (var at = bytes.readerIndex(); at < bytes.writerIndex(); ) {
                if (headerBytes < HEADER_BYTES) {
                    var octet = bytes.getUnsignedByte(at++);
                    if (headerBytes == 0) {
                        type = octet;
                        remaining = 0;
                    } else {
                        remaining = remaining << Byte.SIZE | octet;
                    }
                    if (++headerBytes == HEADER_BYTES) {
                        remaining -= Integer.BYTES;
                    }
                } else {
                    var skipped = Math.min(remaining, bytes.writerIndex() - at);
                    remaining -= skipped;
                    at += skipped;
                }
                if (headerBytes == HEADER_BYTES && remaining == 0) {
                    headerBytes = 0;
                    if (type == 'Z') {
                        roundTrips.incrementAndGet();
                    }
                }
            }
        }
    }

    /** Finds the statements in the messages of one client. */
    private final class Requests {

        private final Map<String, String> prepared = new HashMap<>();
        private byte[] unread = {};
        private boolean isStarted;

        /** Each message but the first has a type of one byte. All have four bytes of length, which include themselves. */
        void read(ByteBuf bytes) {
            var all = ByteBuffer.allocate(unread.length + bytes.readableBytes());
            all.put(unread);
            bytes.getBytes(bytes.readerIndex(), all);
            all.flip();
            for (var length = nextLength(all); length <= all.remaining(); length = nextLength(all)) {
                var message = new byte[length];
                all.get(message);
                if (isStarted) {
                    read(message);
                }
                isStarted = true;
            }
            unread = new byte[all.remaining()];
            all.get(unread);
        }

        private int nextLength(ByteBuffer bytes) {
            var type = isStarted ? 1 : 0;
            return bytes.remaining() < type + Integer.BYTES
                    ? Integer.MAX_VALUE
                    : type + bytes.getInt(bytes.position() + type);
        }

        private void read(byte[] message) {
            var texts = new String(
                            message, 1 + Integer.BYTES, message.length - 1 - Integer.BYTES, StandardCharsets.UTF_8)
                    .split("\0", 3);
            switch (message[0]) {
                case 'P' -> prepared.put(texts[0], texts[1]);
                case 'B' -> statements.add(Objects.requireNonNull(prepared.get(texts[1])));
                case 'Q' -> statements.add(texts[0]);
                default -> {}
            }
        }
    }
}
