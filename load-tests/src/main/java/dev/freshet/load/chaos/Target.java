package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A system to which a subscription delivers all events of a feed. */
sealed interface Target extends Closeable permits Webhook, KafkaTopic, RabbitMqQueue {

    /** Returns the name, which its subscription has too. */
    String name();

    Feed feed();

    /** Returns the target as a subscription describes it. */
    ObjectNode settings();

    /** Returns the events that arrived. Called once all are delivered. */
    Deliveries deliveries() throws IOException;

    /** Subscribes to all events of the feed, from the first one. */
    default void subscribe(int port, String token) throws IOException, InterruptedException {
        var json = new JsonMapper();
        var request = json.createObjectNode().put("name", name()).put("start", "earliest");
        request.set("feed", json.valueToTree(feed().filter()));
        request.set("target", settings());
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
}
