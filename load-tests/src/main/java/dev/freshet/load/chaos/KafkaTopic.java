package dev.freshet.load.chaos;

import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A topic of Kafka with several partitions. Only events of one article are in order. */
record KafkaTopic(String name, Feed feed, Kafka kafka) implements Target {

    @Override
    public ObjectNode settings() {
        return new JsonMapper().createObjectNode().put("type", "kafka").put("topic", name);
    }

    @Override
    public Deliveries deliveries() throws IOException {
        var json = new JsonMapper();
        var deliveries = new Deliveries();
        for (var entry : kafka.records(name)) {
            deliveries.add(json.readTree(entry));
        }
        return deliveries;
    }

    @Override
    public void close() {
        // The broker is stopped with the stage.
    }
}
