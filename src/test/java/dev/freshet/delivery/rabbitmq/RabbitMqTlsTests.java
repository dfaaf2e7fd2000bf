package dev.freshet.delivery.rabbitmq;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.delivery.rabbitmq.RabbitMqSettings.BrokerSettings;
import dev.freshet.identity.account.Role;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a broker whose self-signed certificate is for localhost. */
class RabbitMqTlsTests {

    private static final String PASSWORD = "changeit";

    private static SSLContext trusting;
    private static TestBroker broker;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        var file = folder.resolve("keys.p12");
        var arguments = "-genkeypair -alias broker -keyalg EC -groupname secp256r1 -validity 2 -dname CN=localhost"
                + " -ext SAN=dns:localhost -storetype PKCS12 -storepass " + PASSWORD + " -keystore " + file;
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ")));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        var keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var authorities = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        authorities.init(keys);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(managers.getKeyManagers(), authorities.getTrustManagers(), null);
        broker = new TestBroker(trusting.getServerSocketFactory());
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
        connect("localhost", trusting);

        assertThat(broker.connections()).isEqualTo(before + 1);
    }

    @Test
    void unknownCertificateIsRefused() {
        assertThatThrownBy(() -> connect("localhost", null)).isInstanceOf(SSLException.class);
    }

    @Test
    void certificateOfAnotherHostIsRefused() {
        assertThatThrownBy(() -> connect("127.0.0.1", trusting)).isInstanceOf(SSLException.class);
    }
}
