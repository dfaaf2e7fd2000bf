package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A cluster of one broker, in a process of its own that can be killed. */
final class Kafka {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int REQUEST_MILLIS = 3000;
    private static final int PARTITIONS = 3;

    private final String servers;
    private final Path folder;
    private final Server server;

    /**
     * Prepares the broker.
     *
     * @param port the first of three ports
     * @param announced the port of a forwarder, which clients of the second port are sent to
     */
    Kafka(Home home, int port, int announced) throws IOException {
        this.servers = "127.0.0.1:" + port;
        this.folder = Files.createDirectories(home.folder().resolve("kafka"));
        Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="out"/></root>
                </configuration>
                """);
        Files.writeString(folder.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%3$d
                listeners=DIRECT://127.0.0.1:%1$d,FORWARDED://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%3$d
                advertised.listeners=DIRECT://127.0.0.1:%1$d,FORWARDED://127.0.0.1:%4$d
                listener.security.protocol.map=DIRECT:PLAINTEXT,FORWARDED:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=DIRECT
                log.dirs=%5$s
                auto.create.topics.enable=false
                log.cleaner.enable=false
                broker.heartbeat.interval.ms=500
                broker.session.timeout.ms=3000
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                """.formatted(
                        port, port + 1, port + 2, announced, folder.resolve("data")));
        this.server = process(
                "kafka", "kafka.Kafka", folder.resolve("server.properties").toString());
    }

    private Server process(String name, String program, String... arguments) {
        var command = new ArrayList<>(List.of(
                Home.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                program));
        command.addAll(List.of(arguments));
        return new Server(name, command, Map.of(), folder.resolveSibling(name + ".log"));
    }

    /** Formats an empty folder, starts the broker and creates topics. */
    void start(List<String> topics) throws IOException, InterruptedException {
        var format = process(
                "kafka-format",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                folder.resolve("server.properties").toString());
        format.start();
        if (format.awaitEnd() != 0) {
            throw new IOException("Kafka cannot format its folder; see " + format.log());
        }
        start();
        try (var admin = admin()) {
            admin.createTopics(topics.stream()
                            .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Kafka creates no topics; see " + server.log(), e);
        }
    }

    /** Starts the broker, and waits until it answers. */
    void start() throws IOException {
        server.start();
        try (var admin = admin()) {
            if (!Pause.until(TIMEOUT, () -> !server.isAlive() || answers(admin)) || !server.isAlive()) {
                throw new IOException("Kafka does not start; see " + server.log());
            }
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                REQUEST_MILLIS));
    }

    private static boolean answers(Admin admin) {
        try {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void kill() throws IOException, InterruptedException {
        server.end("KILL");
    }

    /** Reads all records of committed transactions, each partition in its order. */
    List<byte[]> records(String topic) throws IOException {
        var properties = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false);
        var values = new ArrayList<byte[]>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            var complete = Pause.until(TIMEOUT, () -> {
                consumer.poll(POLL).forEach(entry -> values.add(entry.value()));
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            if (!complete) {
                throw new IOException("The topic " + topic + " cannot be read to its end");
            }
        }
        return values;
    }
}
