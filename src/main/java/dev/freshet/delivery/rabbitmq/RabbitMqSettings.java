package dev.freshet.delivery.rabbitmq;

import dev.freshet.identity.account.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Brokers of RabbitMQ.
 *
 * @param brokers each by the name that subscriptions use
 */
@Validated
@ConfigurationProperties("freshet.rabbitmq")
record RabbitMqSettings(@DefaultValue Map<String, @Valid BrokerSettings> brokers) {

    /**
     * One broker.
     *
     * @param url {@code amqp://user:password@host:port/vhost}, or {@code amqps} for TLS
     * @param exchanges the exchanges that subscriptions may use
     * @param role the role that an account needs to deliver events to it
     * @param sslBundle the name of an SSL bundle ({@code spring.ssl.bundle}) for TLS; null for the certificate
     *      authorities of the JVM
     */
    record BrokerSettings(
            @NotNull URI url,
            @NotEmpty List<String> exchanges,
            @NotNull @DefaultValue("admin") Role role,
            @Nullable String sslBundle) {

        /** Returns whether connections use TLS. */
        boolean isEncrypted() {
            return "amqps".equalsIgnoreCase(url.getScheme());
        }

        /** Omits the password. */
        @Override
        public String toString() {
            return "BrokerSettings[host=" + url.getHost() + ", exchanges=" + exchanges + "]";
        }
    }
}
