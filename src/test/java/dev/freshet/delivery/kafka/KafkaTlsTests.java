package dev.freshet.delivery.kafka;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.broker.kafka.KafkaSettings;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/** Connections to a server whose self-signed certificate is for localhost. It completes handshakes and nothing else. */
class KafkaTlsTests {

    private final CountDownLatch handshakes = new CountDownLatch(1);
    private SSLServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = (SSLServerSocket) SelfSigned.context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("test-tls").start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try (var socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
                // Reads the first request, which a client sends once it trusts the server.
                if (socket.getInputStream().read() >= 0) {
                    handshakes.countDown();
                }
            } catch (IOException e) {
                // The client refused the certificate, or the test is over.
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private FencedProducer open(String host, @Nullable SslBundle bundle) {
        var settings = new KafkaSettings.ClusterSettings(
                List.of(host + ":" + server.getLocalPort()),
                List.of("news"),
                Role.ADMIN,
                null,
                Map.of("security.protocol", "SSL"));
        return FencedProducer.open(ProducerProperties.of(settings, TIMEOUT, bundle), "tls", TIMEOUT);
    }

    private static SslBundle trusting() {
        return SslBundle.of(SslStoreBundle.of(null, null, SelfSigned.keys()));
    }

    @Test
    void trustedCertificateIsAccepted() throws InterruptedException {
        // Repeats its request until it is interrupted, since nothing answers.
        var client = Thread.ofPlatform().daemon().start(() -> open("localhost", trusting()));

        assertThat(handshakes.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        client.interrupt();
        client.join();
    }

    @Test
    void unknownCertificateIsRefused() {
        assertThatThrownBy(() -> open("localhost", null)).isInstanceOf(SslAuthenticationException.class);
        assertThat(handshakes.getCount()).isOne();
    }

    @Test
    void certificateOfAnotherHostIsRefused() {
        assertThatThrownBy(() -> open("127.0.0.1", trusting())).isInstanceOf(SslAuthenticationException.class);
        assertThat(handshakes.getCount()).isOne();
    }
}
