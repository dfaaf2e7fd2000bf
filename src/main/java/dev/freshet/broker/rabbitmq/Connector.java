package dev.freshet.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurators;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens connections to one broker. */
public final class Connector {

    private static final int HEARTBEAT_SECONDS = 10;

    private final RabbitMqSettings.BrokerSettings settings;
    private final @Nullable SSLContext tls;
    private volatile @Nullable Socket socket;

    /** @param tls null for the certificate authorities of the JVM */
    public Connector(RabbitMqSettings.BrokerSettings settings, @Nullable SSLContext tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /** Opens a connection. Blocks for up to twice the time limit. */
    public Connection connect(Duration timeout) throws IOException, TimeoutException {
        var millis = Math.toIntExact(timeout.toMillis());
        var factory = new ConnectionFactory();
        factory.setSocketConfigurator(SocketConfigurators.defaultConfigurator().andThen(opened -> socket = opened));
        try {
            if (settings.isEncrypted()) {
                // After the configurator, to which it adds, and before the URL, which selects a context if there is
                // none.
                factory.useSslProtocol(tls == null ? SSLContext.getDefault() : tls);
                factory.enableHostnameVerification();
            }
            factory.setUri(settings.url());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The message may contain the password.
            throw new IOException("Its url is invalid.", e);
        }
        // Deliveries begin again from their cursors, and consumers from their queues.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(millis);
        factory.setHandshakeTimeout(millis);
        factory.setChannelRpcTimeout(millis);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setThreadFactory(
                Thread.ofPlatform().daemon().name("rabbitmq-client-", 0).factory());
        return factory.newConnection("freshet");
    }

    /** Closes the socket of the last connection without a farewell, which the broker might not read. */
    public void closeSocket() {
        var open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Closed already.
            }
        }
    }
}
