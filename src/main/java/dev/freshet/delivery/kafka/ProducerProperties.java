package dev.freshet.delivery.kafka;

import dev.freshet.broker.kafka.ClientProperties;
import dev.freshet.broker.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** The properties of the producers of one cluster. */
final class ProducerProperties {

    /** The maximum of brokers by default. */
    private static final Duration MAX_TRANSACTION = Duration.ofMinutes(15);

    private ProducerProperties() {}

    /**
     * Returns the properties that all producers of a cluster have. The operator's replace only defaults.
     *
     * @param timeout maximum time of each step of a delivery
     */
    static Map<String, Object> of(
            KafkaSettings.ClusterSettings settings, Duration timeout, @Nullable SslBundle bundle) {
        var millis = Math.toIntExact(timeout.toMillis());
        var properties = ClientProperties.of(settings, bundle);
        // The events of a delivery are there already, so waiting would not make batches larger.
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        // As long as a delivery: consumers of committed records wait so long for a producer that stopped.
        properties.putIfAbsent(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Math.toIntExact(Math.min(MAX_TRANSACTION.toMillis(), KafkaCluster.STEPS * timeout.toMillis())));
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis / 2);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        return Map.copyOf(properties);
    }
}
