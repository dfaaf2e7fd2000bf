package dev.freshet.testing;

import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A broker on a port of its own that speaks as much AMQP 0-9-1 as a publisher and a consumer need. It keeps its port and its
 * messages over a restart. It stores and confirms all messages unless a test replaces its reaction.
 */
public final class RabbitMqUnderTest implements AutoCloseable {

    /** A message as it arrived. */
    public record Message(String exchange, String routingKey, AMQP.BasicProperties properties, String body) {}

    /** The reaction to a message. */
    public enum Reaction {
        STORE,
        /** Reports that a queue did not take it. */
        REJECT,
        /** Returns it if it is mandatory, since no queue takes it, and confirms it in any case. */
        RETURN,
        /** Closes the channel, since the message is too large. */
        TOO_LARGE,
        /** Stores it, and loses the connection before the confirmation. */
        LOSE_CONFIRMATION,
        /** Loses the connection before the message is stored. */
        LOSE_MESSAGE
    }

    private final ServerSocketFactory factory;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<String> exchanges = ConcurrentHashMap.newKeySet();
    private final Map<String, AmqpQueue> queues = new ConcurrentHashMap<>();
    private final Map<String, AmqpSession> exclusive = new ConcurrentHashMap<>();
    private final List<Message> stored = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile ServerSocket server;
    private volatile @Nullable Thread accepting;
    private volatile Function<Message, Reaction> behaviour = message -> Reaction.STORE;

    /** Starts one without TLS. */
    public RabbitMqUnderTest() {
        this(ServerSocketFactory.getDefault());
    }

    /** Starts one. */
    public RabbitMqUnderTest(ServerSocketFactory factory) {
        this.factory = factory;
        server = listen(0);
        port = server.getLocalPort();
    }

    private ServerSocket listen(int atPort) {
        try {
            var listening = factory.createServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), atPort));
            accepting = Thread.ofPlatform().daemon().name("test-broker").start(() -> accept(listening));
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                var socket = listening.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().name("test-broker-connection").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Stopped.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new AmqpSession(this, socket).run();
        } catch (IOException e) {
            // The client or the test ended the connection.
        } finally {
            sockets.remove(socket);
        }
    }

    void addExchange(String name) {
        exchanges.add(name);
    }

    /** Returns the reaction to a message, and stores it if that is the reaction. */
    Reaction store(Message message) throws IOException {
        var reaction = behaviour.apply(message);
        if (reaction == Reaction.STORE || reaction == Reaction.LOSE_CONFIRMATION) {
            stored.add(message);
            var queue = message.exchange().isEmpty() ? queues.get(message.routingKey()) : null;
            if (queue != null) {
                queue.add(message);
            }
        }
        return reaction;
    }

    /** Returns a queue; null if it is not declared. */
    @Nullable
    AmqpQueue find(String name) {
        return queues.get(name);
    }

    /** Declares a queue. */
    AmqpQueue declare(String name) {
        return queues.computeIfAbsent(name, absent -> new AmqpQueue());
    }

    /** Returns whether no other connection has an exclusive queue of this name. */
    boolean lock(String name, AmqpSession owner) {
        return exclusive.computeIfAbsent(name, absent -> owner).equals(owner);
    }

    /** Deletes the exclusive queues of a connection. */
    void unlock(AmqpSession owner) {
        exclusive.values().removeIf(owner::equals);
    }

    /** Puts a message into a queue, which is declared if absent. */
    public void put(String queue, AMQP.BasicProperties properties, String body) {
        try {
            declare(queue).add(new Message("", queue, properties, body));
        } catch (IOException e) {
            // The consumer is gone, and the next one receives it.
        }
    }

    /** Counts the messages of a queue that are not acknowledged. */
    public int size(String queue) {
        var found = queues.get(queue);
        return found == null ? 0 : found.size();
    }

    /** Returns the messages of a queue that no consumer has received. */
    public List<Message> ready(String queue) {
        var found = queues.get(queue);
        return found == null ? List.of() : found.ready();
    }

    /** Returns its URL, with a user and a password. */
    public String url() {
        return "amqp://user:secret@127.0.0.1:" + port;
    }

    /** Returns the port, which a restart keeps. */
    public int port() {
        return port;
    }

    /** Replaces the reaction to messages. The function may wait. */
    public void react(Function<Message, Reaction> reaction) {
        behaviour = reaction;
    }

    /** Returns the stored messages with this text, in the order of their arrival. */
    public List<Message> stored(String text) {
        return stored.stream().filter(message -> message.body().contains(text)).toList();
    }

    /** Returns the exchanges that were declared. */
    public Set<String> exchanges() {
        return Set.copyOf(exchanges);
    }

    /** Counts the connections that were accepted. */
    public int connections() {
        return connections.get();
    }

    /** Ends all connections without notice, and accepts none. */
    public void stop() {
        try {
            server.close();
            // The port is free once this thread has noticed it.
            Objects.requireNonNull(accepting).join();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Accepts connections again. */
    public void restart() {
        server = listen(port);
    }

    @Override
    public void close() {
        stop();
    }
}
