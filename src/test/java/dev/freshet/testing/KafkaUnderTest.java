package dev.freshet.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * A cluster of one broker in this JVM, which all test classes share. They take turns by {@link #LOCK}. It keeps its port and
 * its records over a restart, and runs until the JVM ends.
 */
public final class KafkaUnderTest {

    /** A topic of two partitions. Others exist once a test creates them. */
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
    private final Producer<String, byte[]> producer;
    private final Admin admin;
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
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers()),
                new StringSerializer(),
                new ByteArraySerializer());
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers()));
        assign(TOPIC);
    }

    private void assign(String... topics) {
        var partitions = new ArrayList<>(consumer.assignment());
        for (var topic : topics) {
            partitions.addAll(partitions(topic));
        }
        consumer.assign(partitions);
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** Creates topics of two partitions. */
    public synchronized void create(String... topics) {
        cluster.addTopics(topics);
        assign(topics);
    }

    /** Appends a record, and waits until it is confirmed. */
    public void send(String topic, String key, String value, Map<String, String> headers) {
        var outgoing = new ProducerRecord<>(topic, key, value.getBytes(StandardCharsets.UTF_8));
        headers.forEach((name, text) -> outgoing.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        wait(producer.send(outgoing));
    }

    /** Counts the records of a topic that a group has not committed. */
    public long lag(String group, String topic) {
        var committed = wait(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        var ends = wait(admin.listOffsets(partitions(topic).stream()
                        .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())))
                .all());
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    var offset = committed.get(end.getKey());
                    return end.getValue().offset() - (offset == null ? 0 : offset.offset());
                })
                .sum();
    }

    /** Returns the names that the members of a group gave themselves. */
    public List<String> members(String group) {
        return wait(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .flatMap(description -> description.members().stream())
                .map(member -> member.groupInstanceId().orElse("none"))
                .toList();
    }

    private static <T> T wait(Future<T> future) {
        try {
            return future.get(Freshet.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
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
