package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedRule;
import dev.freshet.log.feedlog.Cursor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The live subscribers of one event loop that receive the same bytes. A delivery is encoded and framed once, and shared
 * by all members. Members may join and leave at any moment of a delivery.
 */
final class Topic {

    /** Properties that its members have in common. */
    record Key(Feed feed, StreamFormat format, Framing framing) {}

    /** A live subscriber. It keeps its index in the topic's list, so that leaving takes constant time. */
    interface Member {

        /**
         * Sends the bytes, if the connection is writable.
         *
         * @param before the position that the bytes continue
         * @return false if it did not: it has left the topic, and continues from that position on its own
         */
        boolean deliver(ByteBuf shared, long before);

        /** Reports its new index, after another member left or joined. */
        void moved(int index);

        /** Reports that the topic was dissolved: the member continues from a position on its own. */
        void dissolved(Cursor at);
    }

    private final Key key;
    private FeedRule rule;
    private final List<Member> members = new ArrayList<>(1);
    private final Batch batch = new Batch();
    // The delivery in progress.
    private @Nullable ByteBuf bytes;
    // Count of the first members that have the delivery in progress already.
    private int served;
    // The number by which an index knows it.
    private int number;

    /** @param rule the rule of the key's feed */
    Topic(Key key, FeedRule rule) {
        this.key = key;
        this.rule = rule;
    }

    Key key() {
        return key;
    }

    FeedRule rule() {
        return rule;
    }

    /** Changes the rule, after the account of its feed followed or unfollowed names. */
    void rule(FeedRule changed) {
        rule = changed;
    }

    /** Returns the number that the index by name gave it; it has no meaning elsewhere. */
    int number() {
        return number;
    }

    void number(int given) {
        number = given;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Adds an event to the next delivery. */
    void add(Frame frame, boolean leaves) {
        batch.add(frame.encoded(key.format(), leaves));
    }

    /** Returns whether events were added since the last delivery began. */
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
     * @param before the position of members that do not have the delivery yet
     * @return false if no member was left, and the delivery is complete
     */
    boolean deliver(long before) {
        var shared = bytes;
        if (shared == null || served == members.size()) {
            release();
            return false;
        }
        // Counted first, so that a member whose connection breaks meanwhile may leave.
        var index = served++;
        if (!members.get(index).deliver(shared, before)) {
            leave(index);
        }
        return true;
    }

    /**
     * Adds a member that has received everything, including the delivery in progress.
     *
     * @return its index
     */
    int join(Member member) {
        members.add(member);
        if (bytes == null) {
            return members.size() - 1;
        }
        move(served, members.size() - 1);
        members.set(served, member);
        return served++;
    }

    /** Removes the member with this index. */
    void leave(int index) {
        var gap = index;
        if (gap < served) {
            move(--served, gap);
            gap = served;
        }
        move(members.size() - 1, gap);
        members.removeLast();
    }

    /**
     * Removes all members, which continue on their own.
     *
     * @param at the position of members that have the delivery in progress, or of all without one
     * @param before the position of the other members
     */
    void dissolve(Cursor at, Cursor before) {
        var former = List.copyOf(members);
        var have = bytes == null ? former.size() : served;
        release();
        members.clear();
        for (var i = 0; i < former.size(); i++) {
            former.get(i).dissolved(i < have ? at : before);
        }
    }

    /** Ends the delivery in progress. */
    void release() {
        served = 0;
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    private void move(int from, int to) {
        if (from != to) {
            var member = members.get(from);
            members.set(to, member);
            member.moved(to);
        }
    }
}
