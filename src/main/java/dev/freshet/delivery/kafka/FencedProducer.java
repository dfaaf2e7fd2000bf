package dev.freshet.delivery.kafka;

import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer with a transactional id. The cluster accepts no records of it once another one was opened with the same id. All
 * methods block, for the time limit or less, and are called by one thread at a time.
 */
final class FencedProducer {

    private static final Logger log = LoggerFactory.getLogger(FencedProducer.class);

    private final Producer<String, byte[]> producer;
    private final Duration timeout;

    private FencedProducer(Producer<String, byte[]> producer, Duration timeout) {
        this.producer = producer;
        this.timeout = timeout;
    }

    /** Opens one, which fences all others with this id. */
    static FencedProducer open(Map<String, Object> shared, String id, Duration timeout) {
        var properties = new HashMap<>(shared);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, id);
        var opened = new FencedProducer(
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()), timeout);
        try {
            opened.producer.initTransactions();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Returns whether an error means that the cluster accepts no more records of this producer, but of a new one. */
    static boolean isFenced(RuntimeException error) {
        return error instanceof ProducerFencedException
                || error instanceof InvalidProducerEpochException
                || error instanceof InvalidPidMappingException;
    }

    /** Sends events to a topic in one transaction. Must be closed after an exception. */
    Outcome send(String topic, List<DeliveryEvent> events) {
        producer.beginTransaction();
        try {
            var unconfirmed = new ArrayList<Future<RecordMetadata>>();
            for (var event : events) {
                var sent = producer.send(EventRecord.of(topic, event));
                if (sent.isDone()) {
                    // Failed: the next one would wait for an absent topic again.
                    confirm(sent);
                }
                unconfirmed.add(sent);
            }
            unconfirmed.forEach(this::confirm);
        } catch (RecordTooLargeException | InvalidRecordException e) {
            producer.abortTransaction();
            return new Outcome.Refused("The cluster refuses the record: " + e.getMessage());
        }
        producer.commitTransaction();
        return new Outcome.Delivered();
    }

    private void confirm(Future<RecordMetadata> sent) {
        try {
            sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("A record was not confirmed in time.");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Checks that a topic exists and may be used. */
    void check(String topic) {
        producer.partitionsFor(topic);
    }

    /** Ends the connections, and a transaction that is still open. */
    void close() {
        var interrupted = Thread.interrupted();
        try {
            producer.close(Duration.ZERO);
        } catch (RuntimeException e) {
            log.debug("A producer was not closed", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
