package dev.freshet.content.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final Map<String, Object> properties;
    private final Duration timeout;
    private @Nullable Producer<byte[], byte[]> producer;

    /** @param properties properties of all clients of the cluster */
    RejectedRecords(QueueSettings.KafkaTopic settings, Map<String, Object> properties, Duration timeout) {
        this.settings = settings;
        this.timeout = timeout;
        this.properties = properties;
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis() / 2));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
    }

    /** Sends the rejected ones of a batch with their reasons, and waits until the cluster has confirmed each. */
    void send(List<ConsumerRecord<byte[], byte[]>> batch, List<String> reasons) throws InterruptedException {
        for (var i = 0; i < batch.size(); i++) {
            if (!reasons.get(i).equals(QueueIntake.ACCEPTED)) {
                send(rejected(batch.get(i), reasons.get(i)));
            }
        }
    }

    private void send(ProducerRecord<byte[], byte[]> outgoing) throws InterruptedException {
        try {
            producer().send(outgoing).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
        var open = producer;
        if (open == null) {
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }
}
