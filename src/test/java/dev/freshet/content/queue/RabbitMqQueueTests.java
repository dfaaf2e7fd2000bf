package dev.freshet.content.queue;

import static dev.freshet.content.queue.QueueInstance.articles;
import static dev.freshet.content.queue.QueueInstance.event;
import static dev.freshet.content.queue.QueueInstance.id;
import static dev.freshet.content.queue.QueueInstance.line;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.freshet.broker.rabbitmq.Connector;
import dev.freshet.broker.rabbitmq.RabbitMqSettings.BrokerSettings;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.RabbitMqUnderTest;
import dev.freshet.testing.RabbitMqUnderTest.Message;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Imports from a queue of RabbitMQ. A real broker is used outside of these tests. */
@Timeout(300)
class RabbitMqQueueTests {

    private static final AMQP.BasicProperties NONE = new AMQP.BasicProperties();

    private static RabbitMqUnderTest broker;

    private final String tag = "mq-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        QueueInstance.instance();
        broker = QueueInstance.rabbitMq();
    }

    @AfterEach
    void react() {
        broker.react(message -> RabbitMqUnderTest.Reaction.STORE);
    }

    private static void put(String body) {
        broker.put("articles", NONE, body);
    }

    private static void put(String messageId, String body) {
        broker.put("articles", NONE.builder().messageId(messageId).build(), body);
    }

    private List<String> titles() {
        return articles(tag).stream()
                .map(article -> article.path("title").asString())
                .toList();
    }

    @Test
    void messageIsAcknowledgedOnceItsArticleExists() {
        put(line(id(), "Line", tag));
        put(event(id(), line(id(), "Event", tag)));
        until(() -> broker.size("articles") == 0);

        assertThat(titles()).containsExactlyInAnyOrder("Line", "Event");
    }

    @Test
    void rejectedMessageIsMovedWithItsReason() {
        put("{\"id\":\"" + tag + "\"}");
        put(line(id(), "Next", tag));
        until(() -> broker.size("articles") == 0);

        var rejected = rejected(tag).getFirst();
        assertThat(rejected.properties().getHeaders().get("freshet-reason")).hasToString("title is required");
        assertThat(titles()).containsExactly("Next");
    }

    private static List<Message> rejected(String text) {
        return broker.ready("articles.rejected").stream()
                .filter(message -> message.body().contains(text))
                .toList();
    }

    @Test
    void messageWaitsForTheDeadLetterQueue() {
        until(() -> QueueInstance.state("mq").equals("consuming"));
        var connections = broker.connections();
        broker.react(message ->
                message.body().contains(tag) ? RabbitMqUnderTest.Reaction.RETURN : RabbitMqUnderTest.Reaction.STORE);
        put("{\"id\":\"" + tag + "\"}");
        until(() -> QueueInstance.state("mq").equals("failing"));

        assertThat(broker.size("articles")).isOne();
        broker.react(message -> RabbitMqUnderTest.Reaction.STORE);
        until(() -> broker.size("articles") == 0);
        assertThat(rejected(tag)).hasSize(1);
        assertThat(broker.connections()).isEqualTo(connections);
    }

    @Test
    void repeatedMessageHasNoEffect() {
        var article = id();
        put(tag + "-1", line(article, "First", tag));
        put(tag + "-2", line(article, "Second", tag));
        put(tag + "-1", line(article, "First", tag));
        until(() -> broker.size("articles") == 0);
        put(tag + "-1", line(article, "First", tag));
        put(line(id(), "Last", tag));
        until(() -> broker.size("articles") == 0);

        assertThat(titles()).containsExactlyInAnyOrder("Second", "Last");
    }

    @Test
    void eventOfThisServerIsLeftOut() {
        put(line(id(), "First", tag));
        until(() -> !articles(tag).isEmpty());
        put(event(id(), line(articles(tag).getFirst().path("id").asString(), "Changed", tag)));
        put(line(id(), "Last", tag));
        until(() -> broker.size("articles") == 0);

        assertThat(titles()).containsExactlyInAnyOrder("First", "Last");
    }

    @Test
    void killedBrokerLosesAndRepeatsNothing() {
        IntStream.range(0, 90).forEach(i -> put(line(id(), "Title " + i, tag)));
        until(() -> !articles(tag).isEmpty());
        broker.stop();
        broker.restart();
        until(() -> broker.size("articles") == 0);

        assertThat(titles()).hasSize(90).doesNotHaveDuplicates();
        assertThat(articles(tag))
                .extracting(article -> article.path("version").asInt())
                .containsOnly(1);
    }

    @Test
    void secondConsumerStandsBy() throws InterruptedException {
        until(() -> QueueInstance.state("mq").equals("consuming"));
        var settings = new BrokerSettings(URI.create(broker.url()), List.of(), Role.ADMIN, null);
        var queue = new QueueSettings.RabbitMqQueue("main", "articles", "Wire", null);
        var runner = QueueInstance.instance()
                .bean(QueueAssembly.class)
                .runner(
                        "second",
                        "Wire",
                        (imports, status) ->
                                new RabbitMqConsumer(queue, new Connector(settings, null), imports, status));
        runner.start();
        until(() -> "standby".equals(runner.status().details().get("state")));

        runner.interrupt();
        runner.join();
    }
}
