package dev.freshet.broker.rabbitmq;

import dev.freshet.identity.account.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundles;

/**
 * Brokers of RabbitMQ.
 *
 * @param brokers each by its name
 */
@ConfigurationProperties("freshet.rabbitmq")
public record RabbitMqSettings(@DefaultValue Map<String, @Valid BrokerSettings> brokers) {

    /** Creates the connector of a broker, which must exist. Throws if its URL or its SSL bundle is invalid. */
    public Connector connector(String name, SslBundles bundles) {
        var broker = Objects.requireNonNull(brokers.get(name));
        var scheme = broker.url().getScheme();
        if (broker.url().getHost() == null || (!"amqp".equals(scheme) && !"amqps".equals(scheme))) {
            throw new IllegalArgumentException(
                    "freshet.rabbitmq.brokers." + name + ".url must begin with amqp:// or amqps:// and name a host");
        }
        var bundle = broker.sslBundle();
        return new Connector(
                broker, bundle == null ? null : bundles.getBundle(bundle).createSslContext());
    }

    /**
     * One broker.
     *
     * @param url {@code amqp://user:password@host:port/vhost}, or {@code amqps} for TLS
     * @param exchanges the exchanges that subscriptions may use; none by default
     * @param role the role that an account needs to deliver events to it
     * @param sslBundle the name of an SSL bundle ({@code spring.ssl.bundle}) for TLS; null for the certificate
     *      authorities of the JVM
     */
    public record BrokerSettings(
            @NotNull URI url,
            @DefaultValue List<String> exchanges,
            @NotNull @DefaultValue("admin") Role role,
            @Nullable String sslBundle) {

        /** Returns whether connections use TLS. */
        public boolean isEncrypted() {
            return "amqps".equalsIgnoreCase(url.getScheme());
        }

        /** Omits the password. */
        @Override
        public String toString() {
            return "BrokerSettings[host=" + url.getHost() + ", exchanges=" + exchanges + "]";
        }
    }
}
