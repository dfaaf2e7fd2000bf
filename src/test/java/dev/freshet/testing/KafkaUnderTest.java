package dev.freshet.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * A cluster of one broker in this JVM, which all test classes share. They take turns by {@link #LOCK}. It keeps its port and
 * its records over a restart, and runs until the JVM ends.
 */
public final class KafkaUnderTest {

    /** A topic of two partitions. No other topic exists. */
    public static final String TOPIC = "news";

    /** The resource of JUnit that test classes lock, since some stop the broker. */
    public static final String LOCK = "kafka";

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int PARTITIONS = 2;

    private static final class Shared {
        private static final KafkaUnderTest CLUSTER = new KafkaUnderTest();
    }

    private final EmbeddedKafkaKraftBroker cluster = new EmbeddedKafkaKraftBroker(1, PARTITIONS, TOPIC);
    private final KafkaConsumer<String, byte[]> consumer;
    // Per partition in their order.
    private final List<ConsumerRecord<String, byte[]>> consumed = new CopyOnWriteArrayList<>();

    private KafkaUnderTest() {
        for (var name : List.of("kafka", "state", "org.apache.kafka")) {
            ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF);
        }
        cluster.brokerProperties(Map.of(
                "auto.create.topics.enable", "false",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1"));
        cluster.afterPropertiesSet();
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1)));
    }

    /** Returns the cluster, which the first caller starts. */
    public static KafkaUnderTest shared() {
        return Shared.CLUSTER;
    }

    /** Returns the address of its broker. */
    public String servers() {
        return cluster.getBrokersAsString();
    }

    /** Returns the records of a key that have arrived, in their order, without those of open transactions. */
    public synchronized List<ConsumerRecord<String, byte[]>> records(String key) {
        consumer.poll(POLL).forEach(consumed::add);
        return consumed.stream().filter(entry -> key.equals(entry.key())).toList();
    }

    /** Stops the broker. */
    public void stop() {
        for (var broker : brokers()) {
            broker.shutdown();
            broker.awaitShutdown();
        }
    }

    /** Starts the broker again. */
    public void restart() {
        brokers().forEach(BrokerServer::startup);
    }

    private Collection<BrokerServer> brokers() {
        return Objects.requireNonNull(cluster.getCluster()).brokers().values();
    }
}
