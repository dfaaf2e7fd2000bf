package dev.freshet.load.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.freshet.load.Home;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The target of a subscription. Some of its requests fail before the event is recorded, and some afterwards. An event that
 * arrives again is recognised by its seq.
 */
final class Webhook implements Closeable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int REFUSED_OF_HUNDRED = 5;
    private static final int LOST_OF_HUNDRED = 5;

    private final String name;
    private final Feed feed;
    private final Random random;
    private final BeforeRefusal beforeRefusal;
    private final HttpServer server;
    // All are guarded by this.
    private final List<Received> received = new ArrayList<>();
    private long reached;
    private int repeated;

    /** Called before an event is refused, with the subscription. */
    interface BeforeRefusal {
        void refuse(String webhook, Position position) throws IOException;
    }

    /** Starts one. */
    Webhook(String name, Feed feed, long seed, BeforeRefusal beforeRefusal) throws IOException {
        this.name = name;
        this.feed = feed;
        this.random = new Random(seed);
        this.beforeRefusal = beforeRefusal;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Subscribes to all events of the feed, from the first one. */
    void subscribe(int port, String token) throws IOException, InterruptedException {
        var request = JSON.createObjectNode().put("name", name).put("start", "earliest");
        request.set("feed", JSON.valueToTree(feed.filter()));
        request.putObject("target")
                .put("type", "webhook")
                .put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        var response = Home.HTTP.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/subscriptions"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(request.toString()))
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            throw new IOException("No subscription: " + response.statusCode() + " " + response.body());
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var event = JSON.readTree(exchange.getRequestBody().readAllBytes());
            if (event.path("type").asString().equals("subscription.challenge")) {
                answer(exchange, 200, event.path("data").path("challenge").asString());
                return;
            }
            answer(exchange, receive(event), "");
        }
    }

    /** Returns the status of the response. */
    private synchronized int receive(JsonNode event) throws IOException {
        var die = random.nextInt(100);
        if (die < REFUSED_OF_HUNDRED) {
            beforeRefusal.refuse(name, position(event));
            return 503;
        }
        record(event);
        return die < REFUSED_OF_HUNDRED + LOST_OF_HUNDRED ? 500 : 204;
    }

    private void record(JsonNode event) {
        var position = position(event);
        var type = event.path("type").asString();
        if (type.equals("reset")) {
            received.add(new Received.Reset(
                    position, event.path("data").path("reason").asString()));
        } else if (position.seq() <= reached) {
            repeated++;
            return;
        } else {
            received.add(
                    new Received.Change(position, type, event.path("subject").asString()));
        }
        reached = position.seq();
    }

    private static Position position(JsonNode event) {
        return Position.parse(
                event.path("type").asString().equals("reset")
                        ? event.path("data").path("cursor").asString()
                        : event.path("id").asString());
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    String name() {
        return name;
    }

    Feed feed() {
        return feed;
    }

    /** Returns the last seq received. */
    synchronized long reached() {
        return reached;
    }

    /** Returns the number of events that arrived again. */
    synchronized int repeated() {
        return repeated;
    }

    /** Returns the events that it received. */
    synchronized Oracle.Account account() {
        return new Oracle.Account(name, feed, null, 0, new ArrayList<>(received));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
