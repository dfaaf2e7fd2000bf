package dev.freshet.stream;

import dev.freshet.feed.Feed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of one event loop that are at the live end and want the same bytes. What they have to get is put
 * together once and shared by all of them.
 */
final class Topic {

    /** What its subscribers have in common. */
    record Key(Feed feed, Format format, Framing framing) {}

    private final Key key;
    private final List<Subscriber> members = new ArrayList<>(1);
    private final Batch batch = new Batch();
    private @Nullable ByteBuf bytes;
    // So many of the members, the first ones, have the bytes at hand already.
    private int served;

    Topic(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Adds an event to the next delivery. */
    void add(Frame frame, boolean leaves) {
        batch.add(frame.encoded(key.format(), leaves));
    }

    /** Whether events were added since the last delivery. */
    boolean hasEvents() {
        return !batch.isEmpty();
    }

    boolean isFull() {
        return batch.isFull();
    }

    /** Begins to deliver the events that were added. */
    void begin(ByteBufAllocator allocator) {
        bytes = batch.take(key.framing(), allocator);
    }

    /**
     * Delivers to the next member.
     *
     * @param before the position of members that have not the bytes at hand
     * @return false where there was nobody left, and the delivery is over
     */
    boolean deliver(long before) {
        var shared = bytes;
        if (shared == null || served == members.size()) {
            release();
            return false;
        }
        // Counted first: one that can't take the bytes leaves at once.
        members.get(served++).deliver(shared, before);
        return true;
    }

    /** A subscriber that has got everything, the delivery under way included. */
    void join(Subscriber subscriber) {
        place(subscriber, members.size());
        if (bytes != null) {
            swap(subscriber.place(), served++);
        }
    }

    void leave(Subscriber subscriber) {
        if (subscriber.place() < served) {
            swap(subscriber.place(), --served);
        }
        swap(subscriber.place(), members.size() - 1);
        members.removeLast();
    }

    /** All of them, in no order; to be left by each of them. */
    List<Subscriber> members() {
        return List.copyOf(members);
    }

    void release() {
        served = 0;
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    private void swap(int one, int other) {
        var subscriber = members.get(one);
        place(members.get(other), one);
        place(subscriber, other);
    }

    private void place(Subscriber subscriber, int place) {
        if (place == members.size()) {
            members.add(subscriber);
        } else {
            members.set(place, subscriber);
        }
        subscriber.placed(place);
    }
}
