package dev.freshet.delivery.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.AMQContentHeader;
import com.rabbitmq.client.impl.Frame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
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
 * A broker on a port of its own that speaks as much AMQP 0-9-1 as a publisher needs. It keeps its port and its messages over
 * a restart. It stores and confirms all messages unless a test replaces its reaction.
 */
final class TestBroker implements AutoCloseable {

    /** A message as it arrived. */
    record Message(String exchange, String routingKey, AMQP.BasicProperties properties, String body) {}

    /** The reaction to a message. */
    enum Reaction {
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
    private final List<Message> stored = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile ServerSocket server;
    private volatile @Nullable Thread accepting;
    private volatile Function<Message, Reaction> behaviour = message -> Reaction.STORE;

    /** Starts one without TLS. */
    TestBroker() {
        this(ServerSocketFactory.getDefault());
    }

    /** Starts one. */
    TestBroker(ServerSocketFactory factory) {
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
            new Session(socket).run();
        } catch (IOException e) {
            // The client or the test ended the connection.
        } finally {
            sockets.remove(socket);
        }
    }

    /** One connection. */
    private final class Session {
        private final DataInputStream in;
        private final DataOutputStream out;
        private final Map<Integer, AMQCommand> commands = new HashMap<>();
        private final Map<Integer, Long> tags = new HashMap<>();
        private final Set<Integer> closing = new HashSet<>();

        Session(Socket socket) throws IOException {
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        void run() throws IOException {
            in.readFully(new byte[8]);
            send(
                    0,
                    new AMQP.Connection.Start.Builder()
                            .versionMajor(0)
                            .versionMinor(9)
                            .serverProperties(Map.of())
                            .mechanisms("PLAIN")
                            .locales("en_US")
                            .build());
            while (true) {
                var frame = Frame.readFrom(in, () -> Integer.MAX_VALUE);
                if (frame.getType() != AMQP.FRAME_HEARTBEAT) {
                    var command = commands.computeIfAbsent(frame.getChannel(), channel -> new AMQCommand());
                    if (command.handleFrame(frame)) {
                        commands.remove(frame.getChannel());
                        handle(frame.getChannel(), command);
                    }
                }
            }
        }

        private void handle(int channel, AMQCommand command) throws IOException {
            switch (command.getMethod()) {
                case AMQP.Connection.StartOk start ->
                    send(
                            0,
                            new AMQP.Connection.Tune.Builder()
                                    .channelMax(2047)
                                    .frameMax(131_072)
                                    .heartbeat(0)
                                    .build());
                case AMQP.Connection.TuneOk tuned -> {}
                case AMQP.Connection.Open open -> send(0, new AMQP.Connection.OpenOk.Builder().build());
                case AMQP.Connection.Close close -> {
                    send(0, new AMQP.Connection.CloseOk.Builder().build());
                    throw new EOFException();
                }
                case AMQP.Channel.Open open -> {
                    tags.put(channel, 0L);
                    send(channel, new AMQP.Channel.OpenOk.Builder().build());
                }
                case AMQP.Channel.Close close -> send(channel, new AMQP.Channel.CloseOk.Builder().build());
                case AMQP.Channel.CloseOk closed -> closing.remove(channel);
                case AMQP.Confirm.Select select -> send(channel, new AMQP.Confirm.SelectOk.Builder().build());
                case AMQP.Exchange.Declare declare -> declare(channel, declare);
                case AMQP.Basic.Publish publish -> {
                    if (!closing.contains(channel)) {
                        publish(channel, publish, command);
                    }
                }
                default -> throw new IOException("Unexpected " + command.getMethod());
            }
        }

        private void declare(int channel, AMQP.Exchange.Declare declare) throws IOException {
            if (declare.getPassive() && !exchanges.contains(declare.getExchange())) {
                fail(channel, AMQP.NOT_FOUND, "NOT_FOUND - no exchange '" + declare.getExchange() + "'");
            } else {
                exchanges.add(declare.getExchange());
                send(channel, new AMQP.Exchange.DeclareOk.Builder().build());
            }
        }

        private void publish(int channel, AMQP.Basic.Publish publish, AMQCommand command) throws IOException {
            var tag = tags.merge(channel, 1L, Long::sum);
            var message = new Message(
                    publish.getExchange(),
                    publish.getRoutingKey(),
                    (AMQP.BasicProperties) command.getContentHeader(),
                    new String(command.getContentBody(), StandardCharsets.UTF_8));
            switch (behaviour.apply(message)) {
                case STORE -> {
                    stored.add(message);
                    confirm(channel, tag);
                }
                case REJECT ->
                    send(channel, new AMQP.Basic.Nack.Builder().deliveryTag(tag).build());
                case RETURN -> {
                    if (publish.getMandatory()) {
                        giveBack(channel, publish, command.getContentHeader(), command.getContentBody());
                    }
                    confirm(channel, tag);
                }
                case TOO_LARGE -> fail(channel, AMQP.PRECONDITION_FAILED, "PRECONDITION_FAILED - message is too large");
                case LOSE_CONFIRMATION -> {
                    stored.add(message);
                    throw new EOFException();
                }
                case LOSE_MESSAGE -> throw new EOFException();
            }
        }

        private void confirm(int channel, long tag) throws IOException {
            send(channel, new AMQP.Basic.Ack.Builder().deliveryTag(tag).build());
        }

        private void giveBack(int channel, AMQP.Basic.Publish publish, AMQContentHeader header, byte[] body)
                throws IOException {
            send(
                    channel,
                    new AMQP.Basic.Return.Builder()
                            .replyCode(AMQP.NO_ROUTE)
                            .replyText("NO_ROUTE")
                            .exchange(publish.getExchange())
                            .routingKey(publish.getRoutingKey())
                            .build());
            header.toFrame(channel, body.length).writeTo(out);
            new Frame(AMQP.FRAME_BODY, channel, ByteBuffer.wrap(body)).writeTo(out);
            out.flush();
        }

        private void fail(int channel, int code, String text) throws IOException {
            closing.add(channel);
            send(
                    channel,
                    new AMQP.Channel.Close.Builder()
                            .replyCode(code)
                            .replyText(text)
                            .build());
        }

        private void send(int channel, Method method) throws IOException {
            ((com.rabbitmq.client.impl.Method) method).toFrame(channel).writeTo(out);
            out.flush();
        }
    }

    /** Returns its URL, with a user and a password. */
    String url() {
        return "amqp://user:secret@127.0.0.1:" + port;
    }

    /** Returns the port, which a restart keeps. */
    int port() {
        return port;
    }

    /** Replaces the reaction to messages. The function may wait. */
    void react(Function<Message, Reaction> reaction) {
        behaviour = reaction;
    }

    /** Returns the stored messages with this text, in the order of their arrival. */
    List<Message> stored(String text) {
        return stored.stream().filter(message -> message.body().contains(text)).toList();
    }

    /** Returns the exchanges that were declared. */
    Set<String> exchanges() {
        return Set.copyOf(exchanges);
    }

    /** Counts the connections that were accepted. */
    int connections() {
        return connections.get();
    }

    /** Ends all connections without notice, and accepts none. */
    void stop() {
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
    void restart() {
        server = listen(port);
    }

    @Override
    public void close() {
        stop();
    }
}
