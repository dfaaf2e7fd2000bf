package dev.freshet.delivery;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A target of webhooks on a port of its own. It confirms challenges and takes all events unless a test replaces its responses. */
public final class Receiver implements AutoCloseable {

    /** A received request. */
    public record Request(String method, String uri, HttpHeaders headers, String body) {

        /** Returns a header, which must be there. */
        public String header(String name) {
            return String.valueOf(headers.get(name));
        }

        /** Returns the events of the body. */
        public List<JsonNode> events() {
            var json = new JsonMapper().readTree(body);
            return json.isArray() ? List.copyOf(json.values()) : List.of(json);
        }

        boolean isChallenge() {
            return body.contains("subscription.challenge");
        }
    }

    /** A response to send. */
    public record Reply(int status, String body, Map<String, String> headers) {

        /** A response without a body. */
        public static Mono<Reply> of(int status) {
            return Mono.just(new Reply(status, "", Map.of()));
        }
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Request> taken = new CopyOnWriteArrayList<>();
    private final DisposableServer server;
    private volatile Function<Request, Mono<Reply>> behaviour = request -> Reply.of(204);

    /** Starts one. */
    public Receiver() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString(StandardCharsets.UTF_8)
                        .defaultIfEmpty("")
                        .map(body ->
                                new Request(request.method().name(), request.uri(), request.requestHeaders(), body))
                        .doOnNext(requests::add)
                        .flatMap(received -> behaviour
                                .apply(received)
                                .doOnNext(reply -> {
                                    if (reply.status() < 300) {
                                        taken.add(received);
                                    }
                                })
                                .switchIfEmpty(confirmed(received)))
                        .flatMap(reply -> {
                            response.status(reply.status());
                            reply.headers().forEach(response::header);
                            return response.sendString(Mono.just(reply.body())).then();
                        }))
                .bindNow(Duration.ofMinutes(1));
        events(request -> Reply.of(204));
    }

    private static Mono<Reply> confirmed(Request request) {
        return Mono.fromSupplier(() -> new Reply(
                200, request.events().getFirst().path("data").path("challenge").asString(), Map.of()));
    }

    /** Replaces the responses to events; challenges are confirmed. */
    public void events(Function<Request, Mono<Reply>> next) {
        behaviour = request -> request.isChallenge() ? Mono.empty() : next.apply(request);
    }

    /** Replaces all responses. */
    public void all(Function<Request, Mono<Reply>> next) {
        behaviour = next;
    }

    /** Returns its address. */
    public String url() {
        return "http://127.0.0.1:" + server.port() + "/hook";
    }

    /** Returns all requests so far except challenges, in order. */
    public List<Request> requests() {
        return requests.stream().filter(request -> !request.isChallenge()).toList();
    }

    /** Returns the count of all requests, with challenges. */
    public int count() {
        return requests.size();
    }

    /** Returns the ids of the events of all requests, in order. */
    public List<String> ids() {
        return events().map(event -> event.path("id").asString()).toList();
    }

    /** Returns the ids of the events that it answered with success, in order. */
    public List<String> takenIds() {
        return taken.stream()
                .flatMap(request -> request.events().stream())
                .map(event -> event.path("id").asString())
                .toList();
    }

    /** Returns the titles of the articles of all events, in order. */
    public List<String> titles() {
        return events().map(event -> event.path("data").path("title").asString(""))
                .toList();
    }

    /** Returns the events of all requests, in order. */
    public Stream<JsonNode> events() {
        return requests().stream().flatMap(request -> request.events().stream());
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
