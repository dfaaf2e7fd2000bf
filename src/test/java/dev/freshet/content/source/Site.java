package dev.freshet.content.source;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** A web site on a loopback address of its own, so that each one is a host of its own. */
final class Site implements AutoCloseable {

    private static final AtomicInteger ADDRESSES = new AtomicInteger(1);

    /** A received request. */
    record Request(String path, HttpHeaders headers) {}

    /** A response to send; its body may be endless. */
    record Reply(int status, Map<String, String> headers, Flux<String> body) {

        static Mono<Reply> of(int status, String body, String... headers) {
            var all = new HashMap<String, String>();
            for (var i = 0; i < headers.length; i += 2) {
                all.put(headers[i], headers[i + 1]);
            }
            return Mono.just(new Reply(status, all, Flux.just(body)));
        }
    }

    private final Map<String, Function<Request, Mono<Reply>>> pages = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final DisposableServer server;

    Site() {
        server = HttpServer.create()
                .host("127.0.1." + ADDRESSES.incrementAndGet())
                .port(0)
                .handle((request, response) -> Mono.defer(() -> {
                            most.accumulateAndGet(present.incrementAndGet(), Math::max);
                            return reply(request);
                        })
                        .flatMap(reply -> {
                            response.status(reply.status());
                            reply.headers().forEach(response::header);
                            return response.sendString(reply.body(), StandardCharsets.UTF_8)
                                    .then();
                        })
                        .doFinally(end -> present.decrementAndGet()))
                .bindNow(Duration.ofMinutes(1));
    }

    private Mono<Reply> reply(HttpServerRequest request) {
        var received = new Request(request.uri(), request.requestHeaders());
        requests.add(received);
        return pages.getOrDefault(received.path(), none -> Reply.of(404, "")).apply(received);
    }

    /** Sets the responses of a path, and returns its address. */
    String page(String path, Function<Request, Mono<Reply>> replies) {
        pages.put(path, replies);
        return url(path);
    }

    /** Sets the response of a path, and returns its address. */
    String page(String path, int status, String body, String... headers) {
        return page(path, request -> Reply.of(status, body, headers));
    }

    String url(String path) {
        return "http://" + server.host() + ":" + server.port() + path;
    }

    /** Returns the requests for a path so far, in order. */
    List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Returns the maximum number of requests at a time. */
    int maxConcurrency() {
        return most.get();
    }

    /** Returns an Atom feed of entries, each an id and a title with an equals sign between them. */
    static String atom(String... entries) {
        var feed = new StringBuilder("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Site</title>");
        for (var entry : entries) {
            var parts = entry.split("=", 2);
            feed.append("<entry><id>urn:site:")
                    .append(parts[0])
                    .append("</id><title>")
                    .append(parts[1])
                    .append("</title><category term=\"own\"/></entry>");
        }
        return feed.append("</feed>").toString();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
