package dev.freshet.testing;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue with at most one consumer. Guarded by its own lock. */
final class AmqpQueue {

    /** The connection of the consumer. */
    interface Consumer {
        void deliver(RabbitMqUnderTest.Message message, long tag, boolean repeated) throws IOException;
    }

    private record Unconfirmed(RabbitMqUnderTest.Message message, long tag) {}

    private final Deque<RabbitMqUnderTest.Message> ready = new ArrayDeque<>();
    private final Deque<Unconfirmed> unconfirmed = new ArrayDeque<>();
    private @Nullable Consumer consumer;
    private int prefetch;
    private int repeated;
    private long lastTag;

    synchronized void add(RabbitMqUnderTest.Message message) throws IOException {
        ready.add(message);
        deliver();
    }

    /** Adds the consumer; throws if it has one. */
    synchronized void consume(Consumer next, int count) throws IOException {
        if (consumer != null) {
            throw new IOException("The queue has a consumer");
        }
        consumer = next;
        prefetch = count;
        lastTag = 0;
    }

    synchronized void deliver() throws IOException {
        while (consumer != null && !ready.isEmpty() && unconfirmed.size() < prefetch) {
            var message = ready.remove();
            unconfirmed.add(new Unconfirmed(message, ++lastTag));
            consumer.deliver(message, lastTag, repeated-- > 0);
        }
    }

    /** Removes the messages up to a tag. */
    synchronized void confirm(long tag) throws IOException {
        while (!unconfirmed.isEmpty() && unconfirmed.peek().tag() <= tag) {
            unconfirmed.remove();
        }
        deliver();
    }

    /** Makes the messages of a lost consumer ready again, before the others. */
    synchronized void release(Consumer lost) {
        if (lost.equals(consumer)) {
            consumer = null;
            repeated = unconfirmed.size();
            while (!unconfirmed.isEmpty()) {
                ready.addFirst(unconfirmed.removeLast().message());
            }
        }
    }

    /** Returns the messages that are neither delivered nor confirmed. */
    synchronized List<RabbitMqUnderTest.Message> ready() {
        return List.copyOf(ready);
    }

    /** Counts the messages that are not confirmed, delivered or not. */
    synchronized int size() {
        return ready.size() + unconfirmed.size();
    }
}
