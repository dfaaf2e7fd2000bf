package dev.freshet.content.queue;

import dev.freshet.broker.kafka.ClientProperties;
import dev.freshet.broker.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** Consumes a topic of Kafka as a member of its group. Offsets are committed after the articles. */
final class TopicConsumer implements QueueConsumer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 100;
    private static final int MAX_FETCH_BYTES = 8 * 1024 * 1024;

    private final QueueSettings.KafkaTopic settings;
    private final KafkaSettings.ClusterSettings cluster;
    private final @Nullable SslBundle bundle;
    private final BatchImport imports;
    private final QueueStatus status;
    // After an outage, the same member continues at once. A new one would wait until the session of the old one ends.
    private final String member = UUID.randomUUID().toString();

    TopicConsumer(
            QueueSettings.KafkaTopic settings,
            KafkaSettings.ClusterSettings cluster,
            @Nullable SslBundle bundle,
            BatchImport imports,
            QueueStatus status) {
        this.settings = settings;
        this.cluster = cluster;
        this.bundle = bundle;
        this.imports = imports;
        this.status = status;
    }

    @Override
    public void consume() throws InterruptedException {
        var consumer = new KafkaConsumer<>(properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try (var rejected = RejectedRecords.of(settings, ClientProperties.of(cluster, bundle), TIMEOUT)) {
            if (consumer.partitionsFor(settings.topic(), TIMEOUT).isEmpty()) {
                throw new KafkaException("The topic " + settings.topic() + " does not exist.");
            }
            var assignment = new Assignment();
            consumer.subscribe(List.of(settings.topic()), assignment);
            var checkedAt = System.nanoTime() - TIMEOUT.toNanos();
            while (true) {
                var records = consumer.poll(POLL);
                assignment.lost = false;
                if (!records.isEmpty()) {
                    var batch = new ArrayList<ConsumerRecord<byte[], byte[]>>();
                    records.forEach(batch::add);
                    var reasons = imports.take(
                            batch.stream().map(TopicConsumer::message).toList(), () -> keep(consumer, assignment));
                    if (reasons == null) {
                        // The next run reads again from the committed offsets, also in partitions that stay here.
                        return;
                    }
                    rejected.send(batch, reasons);
                    consumer.commitSync(records.nextOffsets(), TIMEOUT);
                    consumer.resume(consumer.paused());
                } else if (System.nanoTime() - checkedAt >= TIMEOUT.toNanos()) {
                    check(consumer);
                    checkedAt = System.nanoTime();
                }
            }
        } finally {
            close(consumer);
        }
    }

    /** Fails without a broker. A poll then returns nothing, without an error. */
    private void check(Consumer<byte[], byte[]> consumer) {
        if (consumer.assignment().isEmpty()) {
            status.standby();
        } else {
            consumer.endOffsets(consumer.assignment(), TIMEOUT);
            status.consuming();
        }
    }

    private Map<String, Object> properties() {
        var properties = ClientProperties.of(cluster, bundle);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_BATCH);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_BYTES);
        return properties;
    }

    /** Keeps the membership of the group while a batch is imported. Nothing more is read meanwhile. */
    private static boolean keep(Consumer<byte[], byte[]> consumer, Assignment assignment) {
        consumer.pause(consumer.assignment());
        // Records of partitions that were added would be lost.
        return consumer.poll(Duration.ZERO).isEmpty() && !assignment.lost;
    }

    /** Notices that partitions were assigned to another instance. */
    private static final class Assignment implements ConsumerRebalanceListener {
        private boolean lost;

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            lost = lost || !partitions.isEmpty();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // They are read from the committed offsets.
        }
    }

    private static Message message(ConsumerRecord<byte[], byte[]> entry) {
        var body = entry.value() == null ? new byte[0] : entry.value();
        var source = header(entry.headers(), "ce_source");
        var id = header(entry.headers(), "ce_id");
        // The time too, since a topic that is created again has the same offsets.
        var transport = id == null
                ? entry.topic() + "\n" + entry.partition() + "\n" + entry.offset() + "\n" + entry.timestamp()
                : MessageId.ofEvent(source == null ? "" : source, id);
        return new Message(MessageId.of(header(entry.headers(), "content-type"), body, transport), body);
    }

    private static @Nullable String header(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void close(Consumer<byte[], byte[]> consumer) {
        // An interruption would prevent the message that leaves the group.
        var interrupted = Thread.interrupted();
        try {
            // By default, a member with an id of its own stays in the group.
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
