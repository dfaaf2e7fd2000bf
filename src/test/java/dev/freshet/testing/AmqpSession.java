package dev.freshet.testing;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.AMQContentHeader;
import com.rabbitmq.client.impl.Frame;
import dev.freshet.testing.RabbitMqUnderTest.Message;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection to a {@link RabbitMqUnderTest}. */
final class AmqpSession {

    private final RabbitMqUnderTest broker;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Integer, AMQCommand> commands = new HashMap<>();
    private final Map<Integer, Long> tags = new HashMap<>();
    private final Set<Integer> closing = new HashSet<>();
    private int prefetch = Integer.MAX_VALUE;
    // The queue that this connection consumes: a test needs only one.
    private @Nullable AmqpQueue consumed;
    private AmqpQueue.@Nullable Consumer consumer;

    AmqpSession(RabbitMqUnderTest broker, Socket socket) throws IOException {
        this.broker = broker;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    void run() throws IOException {
        try {
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
                if (frame.getType() == AMQP.FRAME_HEARTBEAT) {
                    send(new Frame(AMQP.FRAME_HEARTBEAT, 0));
                } else {
                    var command = commands.computeIfAbsent(frame.getChannel(), channel -> new AMQCommand());
                    if (command.handleFrame(frame)) {
                        commands.remove(frame.getChannel());
                        handle(frame.getChannel(), command);
                    }
                }
            }
        } finally {
            if (consumed != null && consumer != null) {
                consumed.release(consumer);
            }
            broker.unlock(this);
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
            case AMQP.Queue.Declare declare -> declare(channel, declare);
            case AMQP.Basic.Qos qos -> {
                prefetch = qos.getPrefetchCount();
                send(channel, new AMQP.Basic.QosOk.Builder().build());
            }
            case AMQP.Basic.Consume consume -> consume(channel, consume);
            case AMQP.Basic.Ack ack -> {
                if (consumed != null) {
                    consumed.confirm(ack.getDeliveryTag());
                }
            }
            case AMQP.Basic.Publish publish -> {
                if (!closing.contains(channel)) {
                    publish(channel, publish, command);
                }
            }
            default -> throw new IOException("Unexpected " + command.getMethod());
        }
    }

    private void declare(int channel, AMQP.Exchange.Declare declare) throws IOException {
        if (declare.getPassive() && !broker.exchanges().contains(declare.getExchange())) {
            fail(channel, AMQP.NOT_FOUND, "NOT_FOUND - no exchange '" + declare.getExchange() + "'");
        } else {
            broker.addExchange(declare.getExchange());
            send(channel, new AMQP.Exchange.DeclareOk.Builder().build());
        }
    }

    private void declare(int channel, AMQP.Queue.Declare declare) throws IOException {
        var name = declare.getQueue();
        if (declare.getPassive() && broker.find(name) == null) {
            fail(channel, AMQP.NOT_FOUND, "NOT_FOUND - no queue '" + name + "'");
        } else if (isExclusive(declare) && !broker.lock(name, this)) {
            fail(channel, AMQP.RESOURCE_LOCKED, "RESOURCE_LOCKED - cannot obtain exclusive access to '" + name + "'");
        } else {
            if (!isExclusive(declare)) {
                broker.declare(name);
            }
            send(
                    channel,
                    new AMQP.Queue.DeclareOk.Builder()
                            .queue(name)
                            .messageCount(0)
                            .consumerCount(0)
                            .build());
        }
    }

    /** The client sets the flag of passive declarations too, where it has no meaning. */
    private static boolean isExclusive(AMQP.Queue.Declare declare) {
        return declare.getExclusive() && !declare.getPassive();
    }

    private void consume(int channel, AMQP.Basic.Consume consume) throws IOException {
        var queue = broker.declare(consume.getQueue());
        AmqpQueue.Consumer next = (message, tag, repeated) -> send(
                channel,
                new AMQP.Basic.Deliver.Builder()
                        .consumerTag("consumer")
                        .deliveryTag(tag)
                        .redelivered(repeated)
                        .exchange(message.exchange())
                        .routingKey(message.routingKey())
                        .build(),
                message.properties(),
                message.body().getBytes(StandardCharsets.UTF_8));
        queue.consume(next, prefetch);
        consumed = queue;
        consumer = next;
        send(channel, new AMQP.Basic.ConsumeOk.Builder().consumerTag("consumer").build());
        queue.deliver();
    }

    private void publish(int channel, AMQP.Basic.Publish publish, AMQCommand command) throws IOException {
        var tag = tags.merge(channel, 1L, Long::sum);
        var message = new Message(
                publish.getExchange(),
                publish.getRoutingKey(),
                (AMQP.BasicProperties) command.getContentHeader(),
                new String(command.getContentBody(), StandardCharsets.UTF_8));
        switch (broker.store(message)) {
            case STORE -> confirm(channel, tag);
            case REJECT ->
                send(channel, new AMQP.Basic.Nack.Builder().deliveryTag(tag).build());
            case RETURN -> {
                if (publish.getMandatory()) {
                    giveBack(channel, publish, command.getContentHeader(), command.getContentBody());
                }
                confirm(channel, tag);
            }
            case TOO_LARGE -> fail(channel, AMQP.PRECONDITION_FAILED, "PRECONDITION_FAILED - message is too large");
            case LOSE_CONFIRMATION, LOSE_MESSAGE -> throw new EOFException();
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
                        .build(),
                header,
                body);
    }

    private void fail(int channel, int code, String text) throws IOException {
        closing.add(channel);
        send(
                channel,
                new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build());
    }

    /** Sends a method. Called by several threads. */
    private void send(int channel, Method method) throws IOException {
        send(((com.rabbitmq.client.impl.Method) method).toFrame(channel));
    }

    private void send(Frame frame) throws IOException {
        synchronized (out) {
            frame.writeTo(out);
            out.flush();
        }
    }

    private void send(int channel, Method method, AMQContentHeader header, byte[] body) throws IOException {
        synchronized (out) {
            ((com.rabbitmq.client.impl.Method) method).toFrame(channel).writeTo(out);
            header.toFrame(channel, body.length).writeTo(out);
            if (body.length > 0) {
                new Frame(AMQP.FRAME_BODY, channel, ByteBuffer.wrap(body)).writeTo(out);
            }
            out.flush();
        }
    }
}
