package dev.freshet.load.chaos;

import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A quorum queue of RabbitMQ, which receives all messages of an exchange with its name. */
record RabbitMqQueue(String name, Feed feed, RabbitMq broker) implements Target {

    @Override
    public ObjectNode settings() {
        return new JsonMapper().createObjectNode().put("type", "rabbitmq").put("exchange", name);
    }

    @Override
    public Deliveries deliveries() throws IOException {
        var json = new JsonMapper();
        var deliveries = new Deliveries();
        for (var message : broker.messages(name)) {
            deliveries.add(json.readTree(message));
        }
        return deliveries;
    }

    @Override
    public void close() {
        // The broker is stopped with the stage.
    }
}
