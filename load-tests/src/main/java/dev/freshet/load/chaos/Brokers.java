package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The brokers that instances deliver to, each through a forwarder. One without topics or queues is not started. */
final class Brokers implements Closeable {

    private static final int MAX = 20;

    private final List<String> topics;
    private final List<String> queues;
    private final int port;
    private final Forwarder toKafka;
    private final Forwarder toRabbitMq;
    private final @Nullable Kafka kafka;
    private final @Nullable RabbitMq rabbitMq;

    /**
     * Prepares the brokers.
     *
     * @param port the first of eight ports
     */
    Brokers(Home home, int port, int topics, int queues) throws IOException {
        this.topics = names("topic", topics);
        this.queues = RabbitMq.isInstalled() ? names("queue", queues) : List.of();
        if (queues > 0 && this.queues.isEmpty()) {
            System.out.println("RabbitMQ is left out, since it is not installed (Debian: rabbitmq-server)");
        }
        this.port = port;
        toKafka = new Forwarder(port, List.of(port + 2));
        toRabbitMq = new Forwarder(port + 4, List.of(port + 5));
        kafka = this.topics.isEmpty() ? null : new Kafka(home, port + 1, port);
        rabbitMq = this.queues.isEmpty() ? null : new RabbitMq(home, port + 5);
    }

    private static List<String> names(String kind, int count) {
        return IntStream.range(0, Math.clamp(count, 0, MAX))
                .mapToObj(i -> kind + "-" + i)
                .toList();
    }

    /** Starts the brokers. */
    void start() throws IOException, InterruptedException {
        if (kafka != null) {
            kafka.start(topics);
        }
        if (rabbitMq != null) {
            rabbitMq.start(queues);
        }
    }

    /** Returns the settings of instances that deliver to the brokers. */
    Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        if (kafka != null) {
            settings.put("FRESHET_KAFKA_CLUSTERS_MAIN_SERVERS", "127.0.0.1:" + port);
            settings.put("FRESHET_KAFKA_CLUSTERS_MAIN_TOPICS", String.join(",", topics));
        }
        if (rabbitMq != null) {
            settings.put("FRESHET_RABBITMQ_BROKERS_MAIN_URL", RabbitMq.url(port + 4));
            settings.put("FRESHET_RABBITMQ_BROKERS_MAIN_EXCHANGES", String.join(",", queues));
        }
        return settings;
    }

    List<String> topics() {
        return topics;
    }

    List<String> queues() {
        return queues;
    }

    /** Returns whether a fault can happen: the thing that it breaks was started. */
    boolean allow(Fault fault) {
        return switch (fault.place()) {
            case KAFKA, KAFKA_LINK -> kafka != null;
            case RABBITMQ, RABBITMQ_LINK -> rabbitMq != null;
            case INSTANCE, CLIENTS, POSTGRES_LINK, POSTGRES, REDIS_LINK, REDIS, HISTORY -> true;
        };
    }

    /** Returns Kafka, which must have topics. */
    Kafka kafka() {
        return Objects.requireNonNull(kafka);
    }

    Forwarder toKafka() {
        return toKafka;
    }

    /** Returns RabbitMQ, which must have queues. */
    RabbitMq rabbitMq() {
        return Objects.requireNonNull(rabbitMq);
    }

    Forwarder toRabbitMq() {
        return toRabbitMq;
    }

    void stop() throws IOException, InterruptedException {
        if (kafka != null) {
            kafka.kill();
        }
        if (rabbitMq != null) {
            rabbitMq.stop();
        }
    }

    @Override
    public void close() throws IOException {
        toKafka.close();
        toRabbitMq.close();
    }
}
