package dev.freshet.load.chaos;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A RabbitMQ server of one node, in a process of its own that can be killed. */
final class RabbitMq {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    // Not the script in /usr/sbin, which changes the user and the environment.
    private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private final int port;
    private final Map<String, String> environment = new HashMap<>();
    private final Server server;

    /**
     * Prepares the server, which must be installed.
     *
     * @param port the first of three ports
     */
    RabbitMq(Home home, int port) throws IOException {
        this.port = port;
        var folder = Files.createDirectories(home.folder().resolve("rabbitmq")).toString();
        environment.put("RABBITMQ_NODENAME", "freshet-chaos@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(port + 1));
        environment.put("ERL_EPMD_PORT", Integer.toString(port + 2));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("ERL_CRASH_DUMP", "/dev/null");
        environment.put("RABBITMQ_MNESIA_BASE", folder);
        environment.put("RABBITMQ_LOG_BASE", folder);
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder + "/enabled");
        environment.put("RABBITMQ_CONFIG_FILE", folder + "/rabbitmq.conf");
        environment.put("HOME", folder);
        // The script then becomes the server, so that a signal reaches it.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
        this.server = new Server(
                "rabbitmq",
                List.of(PROGRAM.toString()),
                environment,
                home.folder().resolve("rabbitmq.log"));
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Returns the URL for a port that leads here. */
    static String url(int port) {
        return "amqp://guest:guest@127.0.0.1:" + port;
    }

    /** Starts the server, and declares a queue with an exchange for each name. */
    void start(List<String> queues) throws IOException, InterruptedException {
        start();
        try (var connection = connect()) {
            for (var queue : queues) {
                declare(connection, queue);
            }
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    private static void declare(Connection connection, String queue)
            throws IOException, TimeoutException, InterruptedException {
        try (var channel = connection.createChannel()) {
            channel.exchangeDeclare(queue, BuiltinExchangeType.TOPIC, true);
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind(queue, queue, "#");
            // A new quorum queue that is killed before its first message may come back without a leader.
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, new byte[0]);
            channel.waitForConfirmsOrDie(TIMEOUT.toMillis());
            channel.queuePurge(queue);
        }
    }

    /** Starts the server, and waits until it accepts connections. */
    void start() throws IOException {
        server.start();
        if (!Pause.until(TIMEOUT, () -> !server.isAlive() || answers()) || !server.isAlive()) {
            throw new IOException("RabbitMQ does not start; see " + server.log());
        }
    }

    private boolean answers() {
        try (var connection = connect()) {
            return connection.isOpen();
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }

    private Connection connect() throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("chaos");
    }

    void kill() throws IOException, InterruptedException {
        server.end("KILL");
    }

    /** Ends the server, and the name server that it started. */
    void stop() throws IOException, InterruptedException {
        kill();
        var end = new ProcessBuilder("epmd", "-kill")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        end.environment().putAll(environment);
        end.start().waitFor();
    }

    /** Takes all messages from a queue, in their order. */
    List<byte[]> messages(String queue) throws IOException {
        var bodies = new ArrayList<byte[]>();
        try (var connection = connect();
                var channel = connection.createChannel()) {
            for (var next = channel.basicGet(queue, true); next != null; next = channel.basicGet(queue, true)) {
                bodies.add(next.getBody());
            }
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
        return bodies;
    }
}
