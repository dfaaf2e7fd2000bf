package dev.freshet.content.queue;

import static dev.freshet.content.queue.QueueInstance.articles;
import static dev.freshet.content.queue.QueueInstance.event;
import static dev.freshet.content.queue.QueueInstance.id;
import static dev.freshet.content.queue.QueueInstance.line;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.KafkaUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Imports from a topic of Kafka. */
@Order(1)
@Timeout(300)
@ResourceLock(KafkaUnderTest.LOCK)
class KafkaQueueTests {

    private static KafkaUnderTest cluster;

    private final String tag = "topic-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        QueueInstance.instance();
        cluster = KafkaUnderTest.shared();
    }

    private void put(String value, Map<String, String> headers) {
        cluster.send("articles", tag, value, headers);
    }

    private List<String> titles() {
        return articles(tag).stream()
                .map(article -> article.path("title").asString())
                .toList();
    }

    private static boolean isConsumed() {
        return cluster.lag("freshet", "articles") == 0;
    }

    @Test
    void offsetsAreCommittedOnceArticlesExist() {
        put(line(id(), "Line", tag), Map.of());
        put(event(id(), line(id(), "Event", tag)), Map.of("content-type", "application/cloudevents+json"));
        put(line(id(), "Binary", tag), Map.of("ce_specversion", "1.0", "ce_id", tag, "ce_source", "/test"));
        until(KafkaQueueTests::isConsumed);

        assertThat(titles()).containsExactlyInAnyOrder("Line", "Event", "Binary");
    }

    @Test
    void rejectedRecordIsMovedWithItsReason() {
        put("{\"id\":\"" + tag + "\"}", Map.of("more", "kept"));
        put(line(id(), "Next", tag), Map.of());
        until(KafkaQueueTests::isConsumed);
        until(() -> !rejected().isEmpty());

        var headers = rejected().getFirst().headers();
        assertThat(new String(headers.lastHeader("freshet-reason").value(), StandardCharsets.UTF_8))
                .isEqualTo("title is required");
        assertThat(new String(headers.lastHeader("more").value(), StandardCharsets.UTF_8))
                .isEqualTo("kept");
        assertThat(titles()).containsExactly("Next");
    }

    private List<org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]>> rejected() {
        return cluster.records(tag).stream()
                .filter(entry -> entry.topic().equals("articles.rejected"))
                .toList();
    }

    @Test
    void repeatedEventHasNoEffect() {
        var article = id();
        var first = Map.of("ce_id", tag + "-1", "ce_source", "/test");
        put(line(article, "First", tag), first);
        put(line(article, "Second", tag), Map.of("ce_id", tag + "-2", "ce_source", "/test"));
        put(line(article, "First", tag), first);
        until(KafkaQueueTests::isConsumed);
        put(line(article, "First", tag), first);
        until(KafkaQueueTests::isConsumed);

        assertThat(titles()).containsExactly("Second");
    }

    @Test
    void sameMemberContinuesAfterARestartOfTheBroker() {
        IntStream.range(0, 90).forEach(i -> put(line(id(), "Title " + i, tag), Map.of()));
        until(() -> !articles(tag).isEmpty());
        var members = cluster.members("freshet");
        cluster.stop();
        cluster.restart();
        until(() -> titles().size() == 90);
        until(KafkaQueueTests::isConsumed);
        // A run that the outage ended leaves the group, until the next run joins it.
        until(() -> !cluster.members("freshet").isEmpty());

        assertThat(cluster.members("freshet")).hasSize(1).doesNotContain("none").isEqualTo(members);
        assertThat(titles()).doesNotHaveDuplicates();
        assertThat(articles(tag))
                .extracting(article -> article.path("version").asInt())
                .containsOnly(1);
    }
}
