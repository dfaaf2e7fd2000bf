package dev.freshet.content.queue;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RejectedRecordsTests {

    private static final QueueSettings.KafkaTopic TOPIC =
            new QueueSettings.KafkaTopic("main", "articles", "Wire", "freshet", null);
    private static final List<ConsumerRecord<byte[], byte[]>> BATCH = IntStream.range(0, 3)
            .mapToObj(i -> new ConsumerRecord<>("articles", 0, i, new byte[0], new byte[0]))
            .toList();
    private static final List<String> REASONS = List.of("first", QueueIntake.ACCEPTED, "third");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

    private RejectedRecords rejected(Duration timeout) {
        return new RejectedRecords(TOPIC, () -> producer, timeout);
    }

    @Test
    void batchIsConfirmedTogether() throws Exception {
        var sending = new FutureTask<@Nullable Void>(() -> {
            rejected(TIMEOUT).send(BATCH, REASONS);
            return null;
        });
        Thread.ofVirtual().start(sending);
        until(() -> producer.history().size() == 2);
        assertThat(sending.isDone()).isFalse();

        producer.completeNext();
        producer.completeNext();
        sending.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void unconfirmedBatchFails() {
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> rejected(Duration.ofMillis(10)).send(BATCH, REASONS))
                .withMessageContaining("articles.rejected");
    }
}
