package dev.freshet.delivery.rabbitmq;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.broker.rabbitmq.Connector;
import dev.freshet.broker.rabbitmq.RabbitMqSettings.BrokerSettings;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.RabbitMqUnderTest;
import dev.freshet.testing.SelfSigned;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections to a broker whose self-signed certificate is for localhost. */
class RabbitMqTlsTests {

    private static RabbitMqUnderTest broker;

    @BeforeAll
    static void start() {
        broker = new RabbitMqUnderTest(SelfSigned.context().getServerSocketFactory());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void connect(String host, @Nullable SSLContext context) throws Exception {
        var url = URI.create("amqps://user:secret@" + host + ":" + broker.port());
        var settings = new BrokerSettings(url, List.of("news"), Role.ADMIN, null);
        new Connector(settings, context).connect(TIMEOUT).close();
    }

    @Test
    void trustedCertificateIsAccepted() throws Exception {
        var before = broker.connections();
        connect("localhost", SelfSigned.context());

        assertThat(broker.connections()).isEqualTo(before + 1);
    }

    @Test
    void unknownCertificateIsRefused() {
        assertThatThrownBy(() -> connect("localhost", null)).isInstanceOf(SSLException.class);
    }

    @Test
    void certificateOfAnotherHostIsRefused() {
        assertThatThrownBy(() -> connect("127.0.0.1", SelfSigned.context())).isInstanceOf(SSLException.class);
    }
}
