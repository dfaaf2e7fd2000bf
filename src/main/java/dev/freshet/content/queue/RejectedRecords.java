package dev.freshet.content.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The dead-letter topic of a topic. The first rejected record connects to it. Used by one thread. */
final class RejectedRecords implements AutoCloseable {

    private final QueueSettings.KafkaTopic settings;
    private final Supplier<Producer<byte[], byte[]>> open;
    private final Duration timeout;
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param open creates the producer
     * @param timeout maximum time until the records of a batch are confirmed, after all were sent
     */
    RejectedRecords(QueueSettings.KafkaTopic settings, Supplier<Producer<byte[], byte[]>> open, Duration timeout) {
        this.settings = settings;
        this.open = open;
        this.timeout = timeout;
    }

    /**
     * Prepares a producer without a connection.
     *
     * @param properties properties of all clients of the cluster
     */
    static RejectedRecords of(QueueSettings.KafkaTopic settings, Map<String, Object> properties, Duration timeout) {
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis() / 2));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        return new RejectedRecords(
                settings,
                () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()),
                timeout);
    }

    /**
     * Sends the rejected ones of a batch with their reasons, and waits until the cluster has confirmed all. The time limit
     * is that of the batch, so that the consumer stays a member of its group.
     */
    void send(List<ConsumerRecord<byte[], byte[]>> batch, List<String> reasons) throws InterruptedException {
        var unconfirmed = new ArrayList<Future<?>>();
        for (var i = 0; i < batch.size(); i++) {
            if (!reasons.get(i).equals(QueueIntake.ACCEPTED)) {
                var sent = producer().send(rejected(batch.get(i), reasons.get(i)));
                if (sent.isDone()) {
                    // Failed: the next one would wait for an absent topic again.
                    confirm(sent, 0);
                }
                unconfirmed.add(sent);
            }
        }
        var deadline = System.nanoTime() + timeout.toNanos();
        for (var sent : unconfirmed) {
            confirm(sent, deadline - System.nanoTime());
        }
    }

    private void confirm(Future<?> sent, long nanos) throws InterruptedException {
        try {
            sent.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(
                    "The topic " + settings.rejectedTopic() + " does not accept rejected messages: "
                            + (e.getCause() == null
                                    ? "no answer in time"
                                    : e.getCause().getMessage()),
                    e);
        }
    }

    private ProducerRecord<byte[], byte[]> rejected(ConsumerRecord<byte[], byte[]> entry, String reason) {
        var outgoing =
                new ProducerRecord<>(settings.rejectedTopic(), null, entry.key(), entry.value(), entry.headers());
        outgoing.headers().add("freshet-reason", reason.getBytes(StandardCharsets.UTF_8));
        outgoing.headers()
                .add(
                        "freshet-position",
                        (entry.topic() + "-" + entry.partition() + "@" + entry.offset())
                                .getBytes(StandardCharsets.UTF_8));
        return outgoing;
    }

    private Producer<byte[], byte[]> producer() {
        var opened = producer;
        if (opened == null) {
            opened = open.get();
            producer = opened;
        }
        return opened;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }
}
