package dev.freshet.delivery.kafka;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.broker.kafka.KafkaSettings;
import dev.freshet.delivery.Claim;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.Target;
import dev.freshet.identity.account.Role;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.testing.KafkaUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.JsonNodeFactory;

/** Two instances that deliver the events of one subscription to the same cluster. */
@ResourceLock(KafkaUnderTest.LOCK)
class KafkaFencingTests {

    private static final Mono<Boolean> HELD = Mono.just(true);
    private static final Mono<Boolean> LOST = Mono.just(false);

    private static KafkaCluster one;
    private static KafkaCluster other;

    private final UUID subscription = UUID.randomUUID();
    private final UUID article = UUID.randomUUID();

    @BeforeAll
    static void start() {
        one = cluster(Duration.ofMinutes(1));
        other = cluster(Duration.ofMinutes(1));
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    private static KafkaCluster cluster(Duration keepOpen) {
        var settings = new KafkaSettings.ClusterSettings(
                List.of(KafkaUnderTest.shared().servers()), List.of(KafkaUnderTest.TOPIC), Role.ADMIN, null, Map.of());
        var properties = ProducerProperties.of(settings, TIMEOUT, null);
        var threads = Schedulers.newBoundedElastic(4, 100, "test", 60, true);
        return new KafkaCluster("test", properties, TIMEOUT, keepOpen, threads);
    }

    private Mono<Outcome> send(KafkaCluster instance, long seq, long claim, Mono<Boolean> held) {
        var target =
                new Target(subscription, JsonNodeFactory.instance.objectNode(), null, false, new Claim(claim, held));
        var cursor = new Cursor(1, seq);
        var event = new DeliveryEvent(
                cursor.toString(),
                "article.updated",
                Instant.EPOCH,
                cursor,
                article,
                "source",
                "{\"n\":" + seq + "}",
                null);
        return instance.send(target, KafkaUnderTest.TOPIC, List.of(event));
    }

    private List<String> seqs() {
        return KafkaUnderTest.shared().records(article.toString()).stream()
                .map(entry -> new String(entry.headers().lastHeader("seq").value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Appends one more record, and returns all once it has arrived. */
    private List<String> allSeqs() {
        assertThat(get(send(other, 99, 99, HELD))).isInstanceOf(Outcome.Delivered.class);
        until(() -> seqs().contains("99"));
        return seqs();
    }

    @Test
    void formerOwnerAppendsNothing() {
        assertThat(get(send(one, 1, 1, HELD))).isInstanceOf(Outcome.Delivered.class);
        assertThat(get(send(other, 2, 2, HELD))).isInstanceOf(Outcome.Delivered.class);
        assertThat(get(send(one, 1, 1, LOST))).isInstanceOf(Outcome.Failed.class);

        assertThat(allSeqs()).containsExactly("1", "2", "99");
    }

    @Test
    void ownerThatPausesAfterItsCheckIsFenced() {
        var taken = new AtomicBoolean();
        var paused = Mono.defer(
                () -> taken.getAndSet(true) ? LOST : send(other, 2, 2, HELD).thenReturn(true));
        assertThat(get(send(one, 1, 1, paused))).isInstanceOf(Outcome.Failed.class);

        assertThat(allSeqs()).containsExactly("2", "99");
    }

    @Test
    void ownerThatReturnsDelivers() {
        for (var seq = 1; seq <= 4; seq++) {
            var instance = seq % 2 == 0 ? one : other;
            assertThat(get(send(instance, seq, seq, HELD))).isInstanceOf(Outcome.Delivered.class);
        }

        assertThat(allSeqs()).containsExactly("1", "2", "3", "4", "99");
    }

    @Test
    void formerClaimOfTheSameInstanceAppendsNothing() {
        assertThat(get(send(one, 2, 2, HELD))).isInstanceOf(Outcome.Delivered.class);
        assertThat(get(send(one, 1, 1, HELD))).isInstanceOf(Outcome.Failed.class);

        assertThat(allSeqs()).containsExactly("2", "99");
    }

    @Test
    void unusedProducerIsClosed() {
        var instance = cluster(Duration.ofMillis(10));
        assertThat(get(send(instance, 1, 1, HELD))).isInstanceOf(Outcome.Delivered.class);

        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().endsWith("freshet-" + subscription)));
        instance.close();
    }
}
