package dev.freshet.content.queue;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.broker.kafka.KafkaSettings;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.KafkaUnderTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import reactor.core.publisher.Mono;

/** A consumer of a topic whose imports take longer than the consumer waits between two questions for its partitions. */
@Timeout(300)
@ResourceLock(KafkaUnderTest.LOCK)
class TopicConsumerTests {

    private static final String NAME = "slow";
    private static final int RECORDS = 250;

    private final KafkaUnderTest cluster = KafkaUnderTest.shared();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<Long> uncommitted = new ArrayList<>();
    private final List<Long> expected = new ArrayList<>();

    private Mono<List<String>> take(List<Message> messages) {
        expected.add((long) (RECORDS - taken.size()));
        uncommitted.add(cluster.lag(NAME, NAME));
        messages.forEach(message -> taken.add(new String(message.body(), StandardCharsets.UTF_8)));
        return Mono.delay(Duration.ofMillis(300))
                .map(late ->
                        messages.stream().map(message -> QueueIntake.ACCEPTED).toList());
    }

    private QueueRunner runner() {
        var topic = new QueueSettings.KafkaTopic("main", NAME, "Wire", NAME, null);
        var settings =
                new KafkaSettings.ClusterSettings(List.of(cluster.servers()), List.of(), Role.ADMIN, null, Map.of());
        var status = new QueueStatus(NAME, new SimpleMeterRegistry());
        var imports = new BatchImport(this::take, status, QueueAssembly.retries(), Duration.ofMillis(10));
        return new QueueRunner(
                NAME, new TopicConsumer(topic, settings, null, imports, status), status, QueueAssembly.retries());
    }

    @Test
    void recordsWaitWhileABatchIsImported() throws InterruptedException {
        cluster.create(NAME);
        var sent = IntStream.range(0, RECORDS).mapToObj(i -> "record " + i).toList();
        sent.forEach(value -> cluster.send(NAME, value, value, Map.of()));
        var runner = runner();
        runner.start();
        until(() -> cluster.lag(NAME, NAME) == 0);
        runner.interrupt();
        runner.join();

        // An instance that ends leaves its partitions to others at once.
        assertThat(cluster.members(NAME)).isEmpty();
        assertThat(taken).hasSize(RECORDS).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(uncommitted).hasSizeGreaterThan(2).isEqualTo(expected);
    }
}
