package dev.freshet.delivery.kafka;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.delivery.Owner;
import dev.freshet.identity.account.Role;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.KafkaUnderTest;
import dev.freshet.testing.LogWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Deliveries to a cluster of one broker in this JVM, which is stopped and started. */
@Timeout(300)
@ResourceLock(KafkaUnderTest.LOCK)
class KafkaTests {

    private static final AtomicInteger TAGS = new AtomicInteger();

    private static KafkaUnderTest cluster;
    private static Freshet instance;
    private static LogWriter writer;
    private static Owner owner;

    private final String tag = "kafka-" + TAGS.incrementAndGet();

    @BeforeAll
    static void start() {
        cluster = KafkaUnderTest.shared();
        instance = Freshet.start(Map.of(
                "freshet.kafka.clusters.main.servers", cluster.servers(),
                "freshet.kafka.clusters.main.topics", "news,absent",
                "freshet.kafka.clusters.main.role", "author",
                "freshet.kafka.clusters.main.properties[max.request.size]", "20000",
                "freshet.kafka.clusters.idle.servers", "127.0.0.1:1",
                "freshet.kafka.clusters.idle.topics", "news",
                "freshet.subscriptions.timeout", "2s",
                "freshet.subscriptions.first-retry", "20ms",
                "freshet.subscriptions.max-retry", "100ms",
                "freshet.subscriptions.failing-after", "1"));
        writer = new LogWriter(instance);
        owner = new Owner(instance, Role.AUTHOR);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    private Freshet.Reply create(Owner account, String target) {
        return account.send(
                HttpMethod.POST,
                "",
                "{\"name\":\"test\",\"feed\":{\"tag\":[\"" + tag + "\",\"" + tag
                        + "-b\"]},\"target\":{\"type\":\"kafka\"," + target + "}}");
    }

    private JsonNode subscribe() {
        var reply = create(owner, "\"cluster\":\"main\",\"topic\":\"news\"");
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }

    private static String header(ConsumerRecord<String, byte[]> entry, String name) {
        var header = entry.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static JsonNode event(ConsumerRecord<String, byte[]> entry) {
        return new JsonMapper().readTree(entry.value());
    }

    private static List<String> ids(UUID article) {
        return cluster.records(article.toString()).stream()
                .map(entry -> event(entry).path("id").asString())
                .toList();
    }

    @Test
    void eventIsARecordOfItsArticle() {
        subscribe();
        var id = UUID.randomUUID();
        var cursor = get(writer.publish(id, "Title", tag));
        until(() -> !ids(id).isEmpty());

        var entry = cluster.records(id.toString()).getFirst();
        assertThat(header(entry, "seq")).isEqualTo(Long.toString(cursor.seq()));
        assertThat(header(entry, "epoch")).isEqualTo(Long.toString(cursor.epoch()));
        assertThat(header(entry, "type")).isEqualTo("article.published");
        assertThat(header(entry, "content-type")).isEqualTo("application/cloudevents+json");
        var event = event(entry);
        assertThat(event.path("specversion").asString()).isEqualTo("1.0");
        assertThat(event.path("subject").asString()).isEqualTo(id.toString());
        assertThat(event.at("/data/title").asString()).isEqualTo("Title");
    }

    @Test
    void withdrawalIsARecordWithAValue() {
        subscribe();
        var id = UUID.randomUUID();
        get(writer.publish(id, "Title", tag));
        get(writer.retag(id, tag, "elsewhere"));
        until(() -> ids(id).size() >= 2);

        var last = cluster.records(id.toString()).getLast();
        assertThat(header(last, "type")).isEqualTo("article.withdrawn");
        assertThat(event(last).path("data").toString()).isEqualTo("{\"id\":\"" + id + "\"}");
    }

    @Test
    void restartOfTheBrokerLosesAndReordersNothing() {
        var subscription = subscribe();
        var articles = IntStream.range(0, 5).mapToObj(i -> UUID.randomUUID()).toList();
        var expected = new LinkedHashMap<UUID, List<String>>();
        for (var round = 0; round < 8; round++) {
            for (var article : articles) {
                var cursor = change(article, round);
                expected.computeIfAbsent(article, id -> new ArrayList<>()).add(cursor.toString());
            }
            if (round == 2) {
                until(() -> !ids(articles.getFirst()).isEmpty());
                cluster.stop();
            } else if (round == 5) {
                until(() -> owner.read(subscription, "/state").equals("failing"));
                assertThat(owner.read(subscription, "/lastError/message")).contains("cluster main");
                cluster.restart();
            }
        }
        var last = Objects.requireNonNull(expected.get(articles.getLast())).getLast();
        until(() -> owner.read(subscription, "/cursor").equals(last));
        until(() -> ids(articles.getLast()).contains(last));

        expected.forEach((article, cursors) ->
                assertThat(withoutRepetitions(ids(article))).isEqualTo(cursors));
    }

    private Cursor change(UUID article, int round) {
        return get(
                round == 0
                        ? writer.publish(article, "Title", tag)
                        : round % 2 == 1
                                ? writer.retag(article, tag, tag + "-b")
                                : writer.retag(article, tag + "-b", tag));
    }

    /** Returns the ids without those that a consumer recognises by their seq. */
    private static List<String> withoutRepetitions(List<String> ids) {
        var last = 0L;
        var kept = new ArrayList<String>();
        for (var id : ids) {
            var seq = Objects.requireNonNull(Cursor.parse(id)).seq();
            if (seq > last) {
                kept.add(id);
                last = seq;
            }
        }
        return kept;
    }

    @Test
    void eventThatIsTooLargeIsListed() {
        var subscription = subscribe();
        var large = get(writer.publish("x".repeat(30_000), tag));
        var id = UUID.randomUUID();
        get(writer.publish(id, "Title", tag));
        until(() -> !ids(id).isEmpty());

        var rejected = owner.send(HttpMethod.GET, Owner.path(subscription) + "/rejected", null);
        assertThat(rejected.json().at("/items/0/cursor").asString()).isEqualTo(large.toString());
    }

    @Test
    void absentTopicIsReported() {
        var subscription =
                create(owner, "\"cluster\":\"main\",\"topic\":\"absent\"").json();
        until(() -> owner.read(subscription, "/lastError/message").contains("absent"));

        assertThat(owner.read(subscription, "/state")).isIn("unverified", "failing");
        assertThat(owner.send(HttpMethod.DELETE, Owner.path(subscription), null).code())
                .isEqualTo(204);
    }

    @Test
    void testEventReportsTheResult() {
        var path = Owner.path(subscribe()) + "/test";

        assertThat(owner.send(HttpMethod.POST, path, null).body()).isEqualTo("{\"delivered\":true}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"topic\":\"news\"",
                "\"cluster\":\"elsewhere\",\"topic\":\"news\"",
                "\"cluster\":\"main\"",
                "\"cluster\":\"main\",\"topic\":\"__consumer_offsets\"",
                "\"cluster\":\"main\",\"topic\":\"news\",\"servers\":\"127.0.0.1:9092\""
            })
    void invalidTargetIsRefused(String target) {
        assertThat(create(owner, target).code()).isEqualTo(400);
    }

    @Test
    void roleOfTheClusterIsRequired() {
        assertThat(create(new Owner(instance, Role.READER), "\"cluster\":\"main\",\"topic\":\"news\"")
                        .code())
                .isEqualTo(403);
        assertThat(create(owner, "\"cluster\":\"idle\",\"topic\":\"news\"").code())
                .isEqualTo(403);
    }

    @Test
    void serverWithoutAClusterRefusesTheType() {
        var without = new Owner(Freshet.shared(Map.of()), Role.ADMIN);
        var reply = create(without, "\"cluster\":\"main\",\"topic\":\"news\"");

        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.text("detail")).contains("freshet.kafka.clusters");
    }
}
