package dev.freshet.content.queue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Return;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The dead-letter queue of a queue, on a channel with confirmations. Used by one thread. */
final class RejectedMessages {

    private final QueueSettings.RabbitMqQueue settings;
    private final Channel channel;
    private final Duration timeout;
    private final QueueStatus status;
    private volatile boolean returned;

    RejectedMessages(QueueSettings.RabbitMqQueue settings, Channel channel, Duration timeout, QueueStatus status) {
        this.settings = settings;
        this.channel = channel;
        this.timeout = timeout;
        this.status = status;
        // Called before the confirmation.
        channel.addReturnListener((Return message) -> returned = true);
    }

    /**
     * Sends the rejected ones of a batch with their reasons, and waits until the broker has confirmed each. Tries again while
     * the queue does not accept one. The connection stays open meanwhile, since a broker may drop messages that it
     * delivers many times.
     */
    void send(List<Delivery> batch, List<String> reasons) throws IOException, TimeoutException, InterruptedException {
        for (var i = 0; i < batch.size(); i++) {
            if (!reasons.get(i).equals(QueueIntake.ACCEPTED)) {
                send(batch.get(i), reasons.get(i));
            }
        }
    }

    private void send(Delivery message, String reason) throws IOException, TimeoutException, InterruptedException {
        var pauses = QueueAssembly.retries().start();
        while (!isAccepted(message, reason)) {
            status.failed(
                    new IOException("The queue " + settings.rejectedQueue() + " does not accept rejected messages."));
            Thread.sleep(pauses.nextBackOff());
        }
        status.consuming();
    }

    private boolean isAccepted(Delivery message, String reason)
            throws IOException, TimeoutException, InterruptedException {
        returned = false;
        channel.basicPublish(
                "", settings.rejectedQueue(), true, withReason(message.getProperties(), reason), message.getBody());
        return channel.waitForConfirms(timeout.toMillis()) && !returned;
    }

    private AMQP.BasicProperties withReason(AMQP.BasicProperties properties, String reason) {
        var headers = new HashMap<String, Object>();
        if (properties.getHeaders() != null) {
            headers.putAll(properties.getHeaders());
        }
        headers.put("freshet-reason", reason);
        headers.put("freshet-queue", settings.queue());
        return properties.builder().headers(headers).deliveryMode(2).build();
    }
}
