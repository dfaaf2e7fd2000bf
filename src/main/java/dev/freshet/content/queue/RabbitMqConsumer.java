package dev.freshet.content.queue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.broker.rabbitmq.Connector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Consumes a queue of RabbitMQ as its only consumer of all instances, so that its order is kept. The lock is an exclusive
 * queue, which the broker deletes with the connection. Quorum queues ignore the flag of exclusive consumers.
 */
final class RabbitMqConsumer implements QueueConsumer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STANDBY_PAUSE = Duration.ofSeconds(5);
    private static final int CLOSE_MILLIS = 1000;
    // A batch is imported while the next one waits.
    private static final int MAX_BATCH = 50;
    private static final int PREFETCH = 2 * MAX_BATCH;

    private final QueueSettings.RabbitMqQueue settings;
    private final Connector connector;
    private final BatchImport imports;
    private final QueueStatus status;

    RabbitMqConsumer(
            QueueSettings.RabbitMqQueue settings, Connector connector, BatchImport imports, QueueStatus status) {
        this.settings = settings;
        this.connector = connector;
        this.imports = imports;
        this.status = status;
    }

    @Override
    public void consume() throws IOException, TimeoutException, InterruptedException {
        var connection = connector.connect(TIMEOUT);
        try {
            if (!lock(connection)) {
                status.standby();
                Thread.sleep(STANDBY_PAUSE);
                return;
            }
            declare(connection, settings.queue());
            declare(connection, settings.rejectedQueue());
            var channel = open(connection);
            channel.confirmSelect();
            channel.basicQos(PREFETCH);
            var rejected = new RejectedMessages(settings, channel, TIMEOUT, status);
            // The broker sends no more than the prefetch count.
            var waiting = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume(
                    settings.queue(),
                    false,
                    (tag, delivery) -> waiting.add(delivery),
                    // The queue was deleted.
                    tag -> channel.abort());
            status.consuming();
            while (channel.isOpen()) {
                take(channel, next(waiting), rejected);
            }
            throw new IOException("The broker closed the channel: " + channel.getCloseReason());
        } finally {
            connection.abort(CLOSE_MILLIS);
        }
    }

    /** Returns whether no other connection has the lock. */
    private boolean lock(Connection connection) throws IOException {
        var channel = open(connection);
        try {
            channel.queueDeclare(settings.queue() + ".lock", false, true, false, Map.of());
            return true;
        } catch (IOException e) {
            if (code(e) == AMQP.RESOURCE_LOCKED) {
                return false;
            }
            throw e;
        }
    }

    /** Declares a queue unless it exists, whatever its arguments. */
    private static void declare(Connection connection, String queue) throws IOException, TimeoutException {
        try (var channel = open(connection)) {
            channel.queueDeclarePassive(queue);
        } catch (IOException e) {
            if (code(e) != AMQP.NOT_FOUND) {
                throw e;
            }
            // The error has closed the channel.
            try (var another = open(connection)) {
                another.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            }
        }
    }

    private static Channel open(Connection connection) throws IOException {
        return connection.openChannel().orElseThrow(() -> new IOException("The broker allows no more channels."));
    }

    /** Returns the code with which the broker closed a channel; 0 for another cause. */
    private static int code(IOException error) {
        return error.getCause() instanceof ShutdownSignalException signal
                        && signal.getReason() instanceof AMQP.Channel.Close close
                ? close.getReplyCode()
                : 0;
    }

    private static List<Delivery> next(BlockingQueue<Delivery> waiting) throws InterruptedException {
        var batch = new ArrayList<Delivery>();
        var first = waiting.poll(1, TimeUnit.SECONDS);
        if (first != null) {
            batch.add(first);
            waiting.drainTo(batch, MAX_BATCH - 1);
        }
        return batch;
    }

    private void take(Channel channel, List<Delivery> batch, RejectedMessages rejected)
            throws IOException, TimeoutException, InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        var reasons = imports.take(batch.stream().map(RabbitMqConsumer::message).toList(), channel::isOpen);
        if (reasons != null) {
            rejected.send(batch, reasons);
            channel.basicAck(batch.getLast().getEnvelope().getDeliveryTag(), true);
        }
    }

    private static Message message(Delivery delivery) {
        var properties = delivery.getProperties();
        return new Message(
                MessageId.of(properties.getContentType(), delivery.getBody(), properties.getMessageId()),
                delivery.getBody());
    }
}
