package dev.freshet.delivery.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.broker.rabbitmq.Connector;
import dev.freshet.delivery.CloudEvents;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One broker. The first delivery connects, and so does the next one after a connection was lost. */
final class Broker {

    private static final Logger log = LoggerFactory.getLogger(Broker.class);
    private static final int PERSISTENT = 2;
    private static final int CLOSE_MILLIS = 2000;

    private final String name;
    private final Connector connector;
    private final Duration timeout;
    private final Scheduler threads;
    private final Queue<Channel> idle = new ConcurrentLinkedQueue<>();
    private final ReentrantLock connecting = new ReentrantLock();
    // Guarded by the lock.
    private @Nullable Connection connection;
    private @Nullable IOException failure;
    private long failedAtNanos;

    /**
     * Prepares a broker without a connection.
     *
     * @param timeout maximum time of a delivery
     * @param threads for calls that block, one for each concurrent delivery
     */
    Broker(String name, Connector connector, Duration timeout, Scheduler threads) {
        this.name = name;
        this.connector = connector;
        this.timeout = timeout;
        this.threads = threads;
    }

    /** Sends events to an exchange, in order, and waits for their confirmation. Never fails. */
    Mono<Outcome> publish(String exchange, boolean mandatory, List<DeliveryEvent> events) {
        return run(channel -> publish(channel, exchange, mandatory, events));
    }

    /** Checks that an exchange exists, and declares a durable topic exchange if it does not. Never fails. */
    Mono<Outcome> declare(String exchange) {
        return run(channel -> {
            try {
                channel.exchangeDeclarePassive(exchange);
            } catch (IOException e) {
                if (!isNotFound(e)) {
                    throw e;
                }
                // The error has closed the channel.
                try (var another = open(channel.getConnection())) {
                    another.exchangeDeclare(exchange, "topic", true);
                }
            }
            return new Outcome.Delivered();
        });
    }

    /** A use of a channel that blocks. */
    private interface Use {
        Outcome apply(Channel channel) throws IOException, TimeoutException, InterruptedException;
    }

    private Mono<Outcome> run(Use use) {
        return Mono.fromCallable(() -> use(use))
                .subscribeOn(threads)
                .timeout(timeout.multipliedBy(2))
                .doOnError(TimeoutException.class, stuck -> disconnect())
                .onErrorResume(error -> Mono.just(outcome(error)));
    }

    private Outcome use(Use use) throws InterruptedException {
        Channel channel = null;
        try {
            channel = channel();
            var outcome = use.apply(channel);
            idle.add(channel);
            return outcome;
        } catch (IOException | TimeoutException | ShutdownSignalException | InterruptedException e) {
            abort(channel);
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            return outcome(e);
        }
    }

    private Outcome publish(Channel channel, String exchange, boolean mandatory, List<DeliveryEvent> events)
            throws IOException, TimeoutException, InterruptedException {
        var returned = new AtomicReference<@Nullable String>();
        channel.clearReturnListeners();
        channel.addReturnListener((Return message) -> returned.compareAndSet(null, message.getRoutingKey()));
        for (var event : events) {
            channel.basicPublish(exchange, RoutingKey.of(event), mandatory, properties(event), CloudEvents.one(event));
        }
        var confirmed = channel.waitForConfirms(timeout.toMillis());
        // A message that no queue takes is returned first, then confirmed.
        if (returned.get() != null) {
            return new Outcome.Failed(
                    "No queue takes the routing key " + returned.get()
                            + ". Bind a queue to the exchange, or set mandatory to false.",
                    null);
        }
        return confirmed
                ? new Outcome.Delivered()
                : new Outcome.Failed("A queue did not accept an event. Check its length limit and its replicas.", null);
    }

    private static AMQP.BasicProperties properties(DeliveryEvent event) {
        var cursor = event.cursor();
        return new AMQP.BasicProperties.Builder()
                .contentType(CloudEvents.ONE)
                .deliveryMode(PERSISTENT)
                .messageId(event.id())
                .type(event.type())
                .timestamp(Date.from(event.time()))
                .appId("freshet")
                .headers(cursor == null ? Map.of() : Map.of("seq", cursor.seq(), "epoch", cursor.epoch()))
                .build();
    }

    private Channel channel() throws IOException, TimeoutException, InterruptedException {
        var unused = idle.poll();
        while (unused != null) {
            if (unused.isOpen()) {
                return unused;
            }
            unused = idle.poll();
        }
        var channel = open(connection());
        channel.confirmSelect();
        return channel;
    }

    private static Channel open(Connection connection) throws IOException {
        return connection.openChannel().orElseThrow(() -> new IOException("It allows no more channels."));
    }

    private Connection connection() throws IOException, TimeoutException, InterruptedException {
        var began = System.nanoTime();
        connecting.lockInterruptibly();
        try {
            var open = connection;
            if (open != null && open.isOpen()) {
                return open;
            }
            if (failure != null && failedAtNanos - began > 0) {
                // Another delivery tried while this one waited for the lock.
                throw failure;
            }
            open = connector.connect(timeout);
            connection = open;
            failure = null;
            return open;
        } catch (IOException | TimeoutException e) {
            failure = e instanceof IOException known ? known : new IOException("No answer in time.", e);
            failedAtNanos = System.nanoTime();
            throw e;
        } finally {
            connecting.unlock();
        }
    }

    private static void abort(@Nullable Channel channel) {
        try {
            if (channel != null) {
                channel.abort();
            }
        } catch (IOException | RuntimeException e) {
            log.debug("A channel was not closed", e);
        }
    }

    /** Ends a connection whose socket takes no more data, so that its threads continue. */
    private void disconnect() {
        Schedulers.boundedElastic().schedule(connector::closeSocket);
    }

    private Outcome outcome(Throwable error) {
        var close = reported(error);
        if (close != null) {
            var text = "The broker reports: " + close.getReplyText();
            var refused =
                    close.getReplyCode() == AMQP.PRECONDITION_FAILED || close.getReplyCode() == AMQP.CONTENT_TOO_LARGE;
            return refused ? new Outcome.Refused(text) : new Outcome.Failed(text, null);
        }
        if (error instanceof TimeoutException) {
            return new Outcome.Failed("The broker " + name + " did not answer in time.", null);
        }
        log.debug("The broker {} failed", name, error);
        return new Outcome.Failed("The broker " + name + " cannot be reached: " + error.getMessage(), null);
    }

    private static boolean isNotFound(IOException error) {
        var close = reported(error);
        return close != null && close.getReplyCode() == AMQP.NOT_FOUND;
    }

    /** Returns the error with which the broker closed a channel; null for another cause. */
    private static AMQP.Channel.@Nullable Close reported(Throwable error) {
        var signal = error instanceof ShutdownSignalException direct ? direct : error.getCause();
        return signal instanceof ShutdownSignalException shutdown
                        && shutdown.getReason() instanceof AMQP.Channel.Close close
                ? close
                : null;
    }

    /** Ends the connection. */
    void close() {
        connecting.lock();
        try {
            if (connection != null) {
                connection.abort(CLOSE_MILLIS);
            }
        } finally {
            connecting.unlock();
            threads.dispose();
        }
    }
}
