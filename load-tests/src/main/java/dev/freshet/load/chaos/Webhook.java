package dev.freshet.load.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An address that receives events. Some requests fail before the event is recorded, and some afterwards. */
final class Webhook implements Target {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int REFUSED_OF_HUNDRED = 5;
    private static final int LOST_OF_HUNDRED = 5;

    private final String name;
    private final Feed feed;
    private final Random random;
    private final HttpServer server;
    private final Deliveries deliveries = new Deliveries();

    /** Starts one. */
    Webhook(String name, Feed feed, long seed) throws IOException {
        this.name = name;
        this.feed = feed;
        this.random = new Random(seed);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    @Override
    public ObjectNode settings() {
        return JSON.createObjectNode()
                .put("type", "webhook")
                .put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
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
    private synchronized int receive(JsonNode event) {
        var die = random.nextInt(100);
        if (die < REFUSED_OF_HUNDRED) {
            return 503;
        }
        deliveries.add(event);
        return die < REFUSED_OF_HUNDRED + LOST_OF_HUNDRED ? 500 : 204;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Feed feed() {
        return feed;
    }

    @Override
    public Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
