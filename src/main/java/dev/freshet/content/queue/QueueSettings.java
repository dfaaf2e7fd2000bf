package dev.freshet.content.queue;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Queues from which articles are imported.
 *
 * @param rabbitmq queues of RabbitMQ, each by its name in metrics
 * @param kafka topics of Kafka, each by its name in metrics
 * @param memory time for which ids of messages are remembered
 */
@ConfigurationProperties("freshet.queues")
record QueueSettings(
        @DefaultValue Map<String, @Valid RabbitMqQueue> rabbitmq,
        @DefaultValue Map<String, @Valid KafkaTopic> kafka,

        @NotNull @DurationMin(minutes = 1) @DurationMax(days = 365) @DefaultValue("7d")
        Duration memory) {

    /**
     * A queue of RabbitMQ.
     *
     * @param broker the name of a broker in {@code freshet.rabbitmq.brokers}
     * @param queue declared as a quorum queue if absent
     * @param account the name of the account that owns the articles
     * @param rejected the queue for rejected messages; by default the name of the queue and {@code .rejected}
     */
    record RabbitMqQueue(
            @NotBlank String broker,
            @NotBlank String queue,
            @NotBlank String account,
            @Nullable String rejected) {

        String rejectedQueue() {
            return rejected == null ? queue + ".rejected" : rejected;
        }
    }

    /**
     * A topic of Kafka.
     *
     * @param cluster the name of a cluster in {@code freshet.kafka.clusters}
     * @param account the name of the account that owns the articles
     * @param group the group of consumers
     * @param rejected the topic for rejected messages; by default the name of the topic and {@code .rejected}
     */
    record KafkaTopic(
            @NotBlank String cluster,
            @NotBlank String topic,
            @NotBlank String account,
            @NotBlank @DefaultValue("freshet") String group,
            @Nullable String rejected) {

        String rejectedTopic() {
            return rejected == null ? topic + ".rejected" : rejected;
        }
    }

    /** Returns whether no queue is configured. */
    boolean isEmpty() {
        return rabbitmq.isEmpty() && kafka.isEmpty();
    }
}
