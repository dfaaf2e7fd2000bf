package dev.freshet.content.queue;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.KafkaUnderTest;
import dev.freshet.testing.RabbitMqUnderTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** An instance that imports from a broker of RabbitMQ and a cluster of Kafka, which the test classes share. */
final class QueueInstance {

    private static final class Shared {
        private static final RabbitMqUnderTest RABBITMQ = new RabbitMqUnderTest();
        private static final Freshet INSTANCE = start();
    }

    private QueueInstance() {}

    private static Freshet start() {
        var kafka = KafkaUnderTest.shared();
        kafka.create("articles", "articles.rejected");
        var instance = Freshet.shared(Map.of(
                "freshet.rabbitmq.brokers.main.url", Shared.RABBITMQ.url(),
                "freshet.kafka.clusters.main.servers", kafka.servers(),
                "freshet.queues.rabbitmq.mq.broker", "main",
                "freshet.queues.rabbitmq.mq.queue", "articles",
                "freshet.queues.rabbitmq.mq.account", "Wire",
                "freshet.queues.kafka.topic.cluster", "main",
                "freshet.queues.kafka.topic.topic", "articles",
                "freshet.queues.kafka.topic.account", "Wire"));
        instance.account("Wire", Role.AUTHOR);
        return instance;
    }

    static RabbitMqUnderTest rabbitMq() {
        return Shared.RABBITMQ;
    }

    static Freshet instance() {
        return Shared.INSTANCE;
    }

    /** Returns the articles with a tag. */
    static List<JsonNode> articles(String tag) {
        return instance()
                .get("/api/v1/articles?limit=100&tag=" + tag)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    /** Returns the state of a queue. */
    static String state(String queue) {
        return String.valueOf(status(queue).details().get("state"));
    }

    private static QueueStatus status(String queue) {
        return instance().bean(Queues.class).status(queue);
    }

    /** Returns an article as a line. */
    static String line(String id, String title, String tag) {
        return "{\"id\":\"" + id + "\",\"title\":\"" + title + "\",\"tags\":[\"" + tag + "\"]}";
    }

    /** Returns a CloudEvent with an article. */
    static String event(String id, String article) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id
                + "\",\"source\":\"/test\",\"type\":\"article.published\",\"data\":" + article + "}";
    }

    /** Returns an id that no other test uses. */
    static String id() {
        return "urn:uuid:" + UUID.randomUUID();
    }
}
