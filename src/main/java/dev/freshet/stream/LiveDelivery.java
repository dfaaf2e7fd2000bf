package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * Delivers the new frames of a source to the live members of one event loop, by topic. Each delivery takes the frames
 * once for all members. A delivery may take several runs, so that the loop's other work has its turn too.
 *
 * <p>The event loop alone runs its methods; other threads may read the position, which may then be out of date.
 */
final class LiveDelivery {

    private static final int MAX_EVENTS_PER_DELIVERY = 256;
    private static final int MAX_WRITES_PER_RUN = 512;

    private final FrameSource source;
    private final StreamMeters meters;
    private final TopicIndex topics;
    // The topics of the delivery in progress that have members without it.
    private final Queue<Topic> delivering = new ArrayDeque<>();
    private final List<Frame> framesInDelivery = new ArrayList<>();
    private long epoch;
    // Live members have all events up to here, or they are in the delivery in progress.
    private long position;
    // The position before the delivery in progress.
    private long deliveryStart;

    LiveDelivery(FrameSource source, TopicIndex topics, StreamMeters meters) {
        this.source = source;
        this.topics = topics;
        this.meters = meters;
        var bounds = source.bounds();
        this.epoch = bounds.epoch();
        this.position = bounds.last();
    }

    /** Returns the frames that it delivers. */
    FrameSource source() {
        return source;
    }

    long epoch() {
        return epoch;
    }

    long position() {
        return position;
    }

    Cursor cursor() {
        return new Cursor(epoch, position);
    }

    /** Returns whether another run has something to do. */
    boolean isPending() {
        return !delivering.isEmpty() || position != source.bounds().last();
    }

    /** Returns the topic to join for a member that has everything up to the position. */
    Topic topic(Topic.Key key) {
        return topics.get(key);
    }

    /**
     * Renews the topics of feeds whose accounts changed what they follow.
     *
     * @return whether the other delivery serves some of them from now on: their members continue on their own
     */
    boolean refresh(Set<UUID> accounts) {
        var moved = topics.refresh(accounts);
        for (var topic : moved) {
            topics.remove(topic);
            topic.dissolve(cursor(), new Cursor(epoch, deliveryStart));
        }
        return !moved.isEmpty();
    }

    void leave(Topic topic, int index) {
        topic.leave(index);
        removeIfEmpty(topic);
    }

    /**
     * Delivers what is new, up to a bounded number of writes.
     *
     * @return false if the source no longer continues the position: no member is live now, and the position is its end
     */
    boolean run() {
        var writes = 0;
        while (writes < MAX_WRITES_PER_RUN) {
            if (delivering.isEmpty()) {
                var bounds = source.bounds();
                if (bounds.epoch() != epoch || position + 1 < bounds.first()) {
                    restart(bounds);
                    return false;
                }
                prepare(bounds);
                if (delivering.isEmpty()) {
                    return true;
                }
            }
            if (delivering.element().deliver(deliveryStart)) {
                writes++;
            } else {
                removeIfEmpty(delivering.remove());
                if (delivering.isEmpty()) {
                    delivered();
                }
            }
        }
        return true;
    }

    /** Prepares the next delivery, if any topic has new events. */
    private void prepare(FrameSource.Bounds bounds) {
        deliveryStart = position;
        var full = false;
        while (position < bounds.last() && framesInDelivery.size() < MAX_EVENTS_PER_DELIVERY && !full) {
            var frame = source.get(position + 1);
            if (frame == null) {
                // Dropped a moment ago; the next run sees the new bounds.
                break;
            }
            position++;
            var concerned = topics.add(frame, delivering);
            if (!concerned.isEmpty()) {
                framesInDelivery.add(frame);
            }
            full = concerned.stream().anyMatch(Topic::isFull);
        }
        delivering.forEach(topic -> topic.begin(ByteBufAllocator.DEFAULT));
    }

    /** Continues at the end of the source without members: each live member continues on its own. */
    private void restart(FrameSource.Bounds bounds) {
        var last = cursor();
        for (var topic : topics.all()) {
            topics.remove(topic);
            topic.dissolve(last, last);
        }
        epoch = bounds.epoch();
        position = bounds.last();
    }

    private void delivered() {
        var now = System.currentTimeMillis();
        framesInDelivery.forEach(frame -> meters.delivered(frame, now));
        framesInDelivery.clear();
    }

    private void removeIfEmpty(Topic topic) {
        if (topic.isEmpty()) {
            topic.release();
            topics.remove(topic);
        }
    }
}
