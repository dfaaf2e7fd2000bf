package dev.freshet.delivery.rabbitmq;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.delivery.Owner;
import dev.freshet.identity.account.Role;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.RabbitMqUnderTest;
import dev.freshet.testing.RabbitMqUnderTest.Message;
import dev.freshet.testing.RabbitMqUnderTest.Reaction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Deliveries to a broker that confirms, refuses, returns and fails. A real one is used outside of these tests. */
@Timeout(300)
class RabbitMqTests {

    private static final AtomicInteger TAGS = new AtomicInteger();

    private static RabbitMqUnderTest broker;
    private static RabbitMqUnderTest unused;
    private static Freshet instance;
    private static LogWriter writer;
    private static Owner owner;

    private final String tag = "rabbitmq-" + TAGS.incrementAndGet();

    @BeforeAll
    static void start() {
        broker = new RabbitMqUnderTest();
        unused = new RabbitMqUnderTest();
        instance = Freshet.start(Map.of(
                "freshet.rabbitmq.brokers.main.url", broker.url(),
                "freshet.rabbitmq.brokers.main.exchanges", "news,other",
                "freshet.rabbitmq.brokers.main.role", "author",
                "freshet.rabbitmq.brokers.idle.url", unused.url(),
                "freshet.rabbitmq.brokers.idle.exchanges", "news",
                "freshet.subscriptions.first-retry", "20ms",
                "freshet.subscriptions.max-retry", "100ms",
                "freshet.subscriptions.failing-after", "2",
                "freshet.subscriptions.refusals", "2"));
        writer = new LogWriter(instance);
        owner = new Owner(instance, Role.AUTHOR);
    }

    @AfterAll
    static void stop() {
        instance.close();
        broker.close();
        unused.close();
    }

    @AfterEach
    void react() {
        broker.react(message -> Reaction.STORE);
    }

    private JsonNode subscribe(String more) {
        var reply = create(owner, "\"broker\":\"main\",\"exchange\":\"news\"" + more);
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }

    private Freshet.Reply create(Owner account, String target) {
        return account.send(
                HttpMethod.POST,
                "",
                "{\"name\":\"test\",\"feed\":{\"tag\":[\"" + tag + "\"]},\"target\":{\"type\":\"rabbitmq\"," + target
                        + "}}");
    }

    private List<String> publish(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> get(writer.publish(tag + " title " + i + ".", tag)).toString())
                .toList();
    }

    /** Returns the ids of the stored messages. */
    private List<String> ids() {
        return broker.stored(tag).stream()
                .map(message -> message.properties().getMessageId())
                .toList();
    }

    private static JsonNode event(Message message) {
        return new JsonMapper().readTree(message.body());
    }

    @Test
    void eventsArriveInOrderAsPersistentMessages() {
        var subscription = subscribe("");
        var cursors = publish(30);
        until(() -> ids().size() >= 30);

        assertThat(ids()).isEqualTo(cursors);
        var first = broker.stored(tag).getFirst();
        assertThat(first.exchange()).isEqualTo("news");
        assertThat(first.routingKey()).isEqualTo("article.published.test");
        var properties = first.properties();
        assertThat(properties.getDeliveryMode()).isEqualTo(2);
        assertThat(properties.getContentType()).isEqualTo("application/cloudevents+json");
        assertThat(properties.getType()).isEqualTo("article.published");
        var cursor = Objects.requireNonNull(Cursor.parse(cursors.getFirst()));
        assertThat(properties.getHeaders()).containsEntry("seq", cursor.seq()).containsEntry("epoch", cursor.epoch());
        assertThat(event(first).path("id").asString()).isEqualTo(cursors.getFirst());
        assertThat(event(first).at("/data/title").asString()).isEqualTo(tag + " title 0.");
        until(() -> owner.read(subscription, "/delivered").equals("30"));
        assertThat(unused.connections()).isZero();
    }

    @Test
    void withdrawalHasTheSourceBeforeIt() {
        subscribe("");
        var id = UUID.randomUUID();
        get(writer.publish(id, tag, tag));
        get(writer.retag(id, tag, "elsewhere"));
        until(() -> keys(id).size() >= 2);

        assertThat(keys(id)).containsExactly("article.published.test", "article.withdrawn.test");
    }

    private static List<String> keys(UUID article) {
        return broker.stored(article.toString()).stream()
                .map(Message::routingKey)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOSE_CONFIRMATION", "LOSE_MESSAGE"})
    void restartOfTheBrokerLosesNothing(Reaction reaction) {
        subscribe("");
        var lost = new AtomicBoolean();
        broker.react(message -> {
            if (!message.body().contains(tag + " title 5.") || lost.getAndSet(true)) {
                return Reaction.STORE;
            }
            return reaction;
        });
        var cursors = publish(10);
        until(lost::get);
        broker.stop();
        broker.restart();
        until(() -> ids().contains(cursors.getLast()));

        assertThat(new LinkedHashSet<>(ids())).containsExactlyElementsOf(cursors);
    }

    @Test
    void cursorWaitsForTheConfirmation() throws InterruptedException {
        var subscription = subscribe("");
        until(() -> owner.read(subscription, "/state").equals("active"));
        var before = owner.read(subscription, "/cursor");
        var arrived = new CountDownLatch(1);
        var confirm = new CountDownLatch(1);
        broker.react(message -> {
            arrived.countDown();
            await(confirm);
            return Reaction.STORE;
        });
        var cursor = publish(1).getFirst();
        arrived.await();

        assertThat(owner.read(subscription, "/cursor")).isEqualTo(before);
        confirm.countDown();
        until(() -> owner.read(subscription, "/cursor").equals(cursor));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eventThatNoQueueTakesWaits() {
        var subscription = subscribe("");
        broker.react(message -> Reaction.RETURN);
        var cursor = publish(1).getFirst();
        until(() -> owner.read(subscription, "/state").equals("failing"));

        assertThat(owner.read(subscription, "/lastError/message"))
                .isEqualTo("No queue takes the routing key article.published.test. Bind a queue to the exchange, or set"
                        + " mandatory to false.");
        assertThat(owner.read(subscription, "/delivered")).isEqualTo("0");
        broker.react(message -> Reaction.STORE);
        until(() -> ids().contains(cursor));
    }

    @Test
    void optionalEventThatNoQueueTakesIsDropped() {
        var subscription = subscribe(",\"mandatory\":false");
        broker.react(message -> message.body().contains("title 0.") ? Reaction.RETURN : Reaction.STORE);
        var cursors = publish(2);
        until(() -> ids().contains(cursors.getLast()));

        assertThat(ids()).containsExactly(cursors.getLast());
        until(() -> owner.read(subscription, "/delivered").equals("2"));
    }

    @Test
    void eventThatAQueueRejectsIsRepeated() {
        var subscription = subscribe("");
        broker.react(message -> Reaction.REJECT);
        var cursor = publish(1).getFirst();
        until(() -> owner.read(subscription, "/state").equals("failing"));

        assertThat(owner.read(subscription, "/lastError/message")).contains("did not accept");
        broker.react(message -> Reaction.STORE);
        until(() -> ids().contains(cursor));
    }

    @Test
    void eventThatIsTooLargeIsListedAlone() {
        var subscription = subscribe("");
        until(() -> owner.read(subscription, "/state").equals("active"));
        owner.change(subscription, "{\"state\":\"paused\"}");
        broker.react(message -> message.body().contains("title 1.") ? Reaction.TOO_LARGE : Reaction.STORE);
        var cursors = publish(3);
        owner.change(subscription, "{\"state\":\"active\"}");
        until(() -> ids().contains(cursors.get(2)));

        assertThat(new LinkedHashSet<>(ids())).containsExactly(cursors.get(0), cursors.get(2));
        var rejected = owner.send(HttpMethod.GET, Owner.path(subscription) + "/rejected", null);
        assertThat(rejected.json().at("/items/0/cursor").asString()).isEqualTo(cursors.get(1));
        assertThat(rejected.json().at("/items/0/error").asString()).contains("too large");
    }

    @Test
    void absentExchangeIsDeclared() {
        var reply = create(owner, "\"broker\":\"main\",\"exchange\":\"other\"");
        var subscription = reply.json();
        until(() -> owner.read(subscription, "/state").equals("active"));

        assertThat(broker.exchanges()).contains("other");
    }

    @Test
    void testEventReportsTheResult() {
        var subscription = subscribe("");
        var path = Owner.path(subscription) + "/test";
        assertThat(owner.send(HttpMethod.POST, path, null).body()).isEqualTo("{\"delivered\":true}");
        broker.react(message -> Reaction.RETURN);

        assertThat(owner.send(HttpMethod.POST, path, null).text("error")).contains("subscription.test");
    }

    @Test
    void brokerThatIsAwayIsReported() {
        var subscription = subscribe("");
        until(() -> owner.read(subscription, "/state").equals("active"));
        broker.stop();
        var cursor = publish(1).getFirst();
        until(() -> owner.read(subscription, "/state").equals("failing"));

        assertThat(owner.read(subscription, "/lastError/message"))
                .startsWith("The broker main cannot be reached")
                .doesNotContain("secret");
        broker.restart();
        until(() -> ids().contains(cursor));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"exchange\":\"news\"",
                "\"broker\":\"elsewhere\",\"exchange\":\"news\"",
                "\"broker\":\"main\"",
                "\"broker\":\"main\",\"exchange\":\"\"",
                "\"broker\":\"main\",\"exchange\":\"amq.topic\"",
                "\"broker\":\"main\",\"exchange\":\"news\",\"mandatory\":\"no\"",
                "\"broker\":\"main\",\"exchange\":\"news\",\"url\":\"amqp://127.0.0.1\""
            })
    void invalidTargetIsRefused(String target) {
        assertThat(create(owner, target).code()).isEqualTo(400);
    }

    @Test
    void roleOfTheBrokerIsRequired() {
        var subscription = subscribe("");
        var id = UUID.fromString(subscription.path("id").asString());
        var reader = create(new Owner(instance, Role.READER), "\"broker\":\"main\",\"exchange\":\"news\"");
        assertThat(reader.code()).isEqualTo(403);
        assertThat(reader.text("detail")).contains("author");
        var author = create(owner, "\"broker\":\"idle\",\"exchange\":\"news\"");
        assertThat(author.code()).isEqualTo(403);

        var other = "{\"target\":{\"type\":\"rabbitmq\",\"broker\":\"idle\",\"exchange\":\"news\"}}";
        assertThat(owner.send(HttpMethod.PATCH, "/" + id, other).code()).isEqualTo(403);
    }

    @Test
    void serverWithoutABrokerRefusesTheType() {
        var without = new Owner(Freshet.shared(Map.of()), Role.ADMIN);
        var reply = create(without, "\"broker\":\"main\",\"exchange\":\"news\"");

        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.text("detail")).contains("freshet.rabbitmq.brokers");
    }
}
