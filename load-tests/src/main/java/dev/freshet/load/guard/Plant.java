package dev.freshet.load.guard;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/** A fault, to check that a run would be red if the server had it: in a proxy, or in the started server itself. */
public final class Plant implements AutoCloseable {

    /** The place of a fault. */
    private enum Place {
        NOWHERE,
        /** Between the generator and the target, for all connections. */
        PROXY,
        /** Between the generator and the target, for one subscriber only. */
        ONE_STREAM,
        /** In the server, which must be started here. */
        SERVER
    }

    /** The fault. */
    public enum Kind {
        /** None: no proxy is started. */
        NONE(Place.NOWHERE),
        /** Delays responses to pages and articles by 50 ms. */
        SLOW_PAGES(Place.PROXY),
        /** Delays responses to writes by 50 ms. */
        SLOW_WRITES(Place.PROXY),
        /** Delays all events of streams by 50 ms. */
        SLOW_EVENTS(Place.PROXY),
        /** Drops one event of each stream. */
        LOST_EVENT(Place.PROXY),
        /** Drops one event of one stream among all. */
        ONE_LOST_EVENT(Place.ONE_STREAM),
        /** Sends one event of each stream twice. */
        DOUBLED_EVENT(Place.PROXY),
        /** Answers each tenth request with 500. */
        ERRORS(Place.PROXY),
        /** Leaks 16 KB for each connection. */
        LEAKED_BUFFERS(Place.SERVER),
        /** Blocks an event loop for 200 ms once a minute. */
        BLOCKED_LOOP(Place.SERVER),
        /** Takes additional processor time for each request. */
        COSTLY_REQUESTS(Place.SERVER);

        private final Place place;

        Kind(Place place) {
            this.place = place;
        }

        boolean isInServer() {
            return place == Place.SERVER;
        }

        boolean isProxy() {
            return place == Place.PROXY || place == Place.ONE_STREAM;
        }

        boolean isForAll() {
            return place == Place.PROXY;
        }
    }

    private static final List<String> OF_THE_CONNECTION = List.of("Connection", "Keep-Alive", "Transfer-Encoding");
    private static final Duration DELAY = Duration.ofMillis(50);
    // The event of a stream that gets the fault.
    private static final int UNLUCKY = 5;

    private final Kind kind;
    private final DisposableServer server;
    private final ConnectionProvider connections =
            ConnectionProvider.builder("plant").maxConnections(20_000).build();
    private final AtomicLong requests = new AtomicLong();

    Plant(Kind kind, URI target) {
        this.kind = kind;
        var client = HttpClient.create(connections).baseUrl(target.toString());
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
                .handle((request, response) -> pass(client, request, response))
                .bindNow();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private Publisher<Void> pass(HttpClient client, HttpServerRequest request, HttpServerResponse response) {
        if (kind == Kind.ERRORS && requests.incrementAndGet() % 10 == 0) {
            return response.status(500).send();
        }
        var reads = request.method().equals(HttpMethod.GET);
        var late = (kind == Kind.SLOW_PAGES && reads) || (kind == Kind.SLOW_WRITES && !reads);
        return (late ? Mono.delay(DELAY) : Mono.just(0L))
                .thenMany(client.headers(headers -> headers.set(request.requestHeaders()))
                        .request(request.method())
                        .uri(request.uri())
                        .send(request.receive().retain())
                        .response((answer, body) -> {
                            response.status(answer.status()).headers(answer.responseHeaders());
                            // HTTP/2 has no such headers, and HTTP/1.1 gets them again.
                            OF_THE_CONNECTION.forEach(response.responseHeaders()::remove);
                            var type = answer.responseHeaders().get("Content-Type", "");
                            if (type.startsWith("text/event-stream")) {
                                return stream(response, body, "\n\n");
                            }
                            return type.startsWith("application/x-ndjson")
                                    ? stream(response, body, "\n")
                                    : response.send(body.retain());
                        }));
    }

    private Publisher<Void> stream(HttpServerResponse response, ByteBufFlux body, String end) {
        var seen = new AtomicLong();
        var rest = new StringBuilder();
        var frames = body.asString(StandardCharsets.UTF_8).concatMapIterable(chunk -> {
            rest.append(chunk);
            var whole = new ArrayList<String>();
            for (var at = rest.indexOf(end); at >= 0; at = rest.indexOf(end)) {
                var frame = rest.substring(0, at + end.length());
                rest.delete(0, frame.length());
                var unlucky = frame.contains("article.published") && seen.incrementAndGet() == UNLUCKY;
                if (!unlucky || (kind != Kind.LOST_EVENT && kind != Kind.ONE_LOST_EVENT)) {
                    whole.add(frame);
                }
                if (unlucky && kind == Kind.DOUBLED_EVENT) {
                    whole.add(frame);
                }
            }
            return whole;
        });
        return response.send(
                (kind == Kind.SLOW_EVENTS ? frames.delaySequence(DELAY) : frames)
                        .map(frame -> Unpooled.copiedBuffer(frame, StandardCharsets.UTF_8)),
                frame -> true);
    }

    @Override
    public void close() {
        server.disposeNow();
        connections.dispose();
    }
}
