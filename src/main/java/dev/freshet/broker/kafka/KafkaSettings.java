package dev.freshet.broker.kafka;

import dev.freshet.identity.account.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Clusters of Kafka.
 *
 * @param clusters each by its name
 */
@ConfigurationProperties("freshet.kafka")
public record KafkaSettings(@DefaultValue Map<String, @Valid ClusterSettings> clusters) {

    /**
     * One cluster.
     *
     * @param servers brokers to connect to first, as {@code host:port}
     * @param topics the topics that subscriptions may use; none by default
     * @param role the role that an account needs to deliver events to it
     * @param sslBundle the name of an SSL bundle ({@code spring.ssl.bundle}), which enables TLS; null for the certificate
     *     authorities of the JVM, if {@code properties} enable TLS
     * @param properties further properties of Kafka's clients, such as {@code security.protocol}
     */
    public record ClusterSettings(
            @NotEmpty List<String> servers,
            @DefaultValue List<String> topics,
            @NotNull @DefaultValue("admin") Role role,
            @Nullable String sslBundle,
            @DefaultValue Map<String, String> properties) {

        /** Omits the properties, which may contain passwords. */
        @Override
        public String toString() {
            return "ClusterSettings[servers=" + servers + ", topics=" + topics + "]";
        }
    }
}
