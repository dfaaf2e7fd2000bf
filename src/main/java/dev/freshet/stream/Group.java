package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The subscribers of one event loop. It takes new frames from the ring once for all live members, by topic, and gives
 * the other members turns to pull, each from its own cursor. Each turn is bounded, so that the loop's other work has its
 * turn too.
 *
 * <p>The loop alone runs its methods, except {@link #news}, {@link #drain}, {@link #execute} and {@link #now}.
 */
final class Group {

    /** A member that has turns and is checked at ticks. */
    interface Member extends Topic.Member {

        /** Sends its next batch if its connection is writable, or looks for it. */
        void pull();

        /** Does what is due by the clock. */
        void tick(long now);

        /** Sends the reason to the client, and ends the stream. */
        void close(ClosingReason reason);
    }

    private static final int MAX_EVENTS_PER_DELIVERY = 256;
    private static final int MAX_WRITES_PER_TURN = 512;
    private static final int MAX_PULLS_PER_TURN = 32;

    private final EventLoop loop;
    private final Ring ring;
    private final StreamMeters meters;
    private final Set<Member> members = new HashSet<>();
    // Members that have everything, and that no topic serves.
    private final Set<Member> awaiting = new HashSet<>();
    // Members whose turn to pull comes, in order.
    private final LinkedHashSet<Member> ready = new LinkedHashSet<>();
    private final TopicIndex topics = new TopicIndex();
    private final Queue<Topic> delivering = new ArrayDeque<>();
    private final List<Frame> framesInDelivery = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Future<?> ticks;
    private final long tickNanos;
    private long tickDue;
    private boolean scheduled;
    private long epoch;
    // Live members have all events up to here, or they are in the delivery in progress.
    private long position;
    // The position before the delivery in progress.
    private long deliveryStart;

    Group(EventLoop loop, Ring ring, StreamMeters meters, long tickMillis) {
        this.loop = loop;
        this.ring = ring;
        this.meters = meters;
        this.epoch = ring.bounds().epoch();
        this.position = ring.bounds().last();
        this.tickNanos = TimeUnit.MILLISECONDS.toNanos(tickMillis);
        this.tickDue = loop.ticker().nanoTime() + tickNanos;
        this.ticks = loop.scheduleAtFixedRate(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
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

    /** Returns the time of the event loop's clock, in nanoseconds. */
    long now() {
        return loop.ticker().nanoTime();
    }

    /** Runs a task on the event loop, soon. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    /** Reports that the ring has changed. */
    void news() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(() -> {
                woken.set(false);
                turn();
            });
        }
    }

    void add(Member member) {
        members.add(member);
        enqueue(member);
    }

    /** Removes a member, which has left its topic. */
    void remove(Member member) {
        members.remove(member);
        awaiting.remove(member);
        ready.remove(member);
    }

    /** Gives a member a turn to pull, soon. */
    void enqueue(Member member) {
        ready.add(member);
        schedule();
    }

    /** Gives a member a turn to pull when the ring has changed. */
    void await(Member member) {
        awaiting.add(member);
    }

    /** Returns the topic to join for a member that has everything up to the group's position. */
    Topic topic(Topic.Key key) {
        return topics.get(key);
    }

    void leave(Topic topic, int index) {
        topic.leave(index);
        removeIfEmpty(topic);
    }

    /** Closes all members at random moments of a window. */
    void drain(long windowMillis) {
        loop.execute(() -> {
            for (var member : members) {
                var delay = ThreadLocalRandom.current().nextLong(windowMillis + 1);
                var unused = loop.schedule(() -> member.close(ClosingReason.DRAINING), delay, TimeUnit.MILLISECONDS);
            }
        });
    }

    void stop() {
        ticks.cancel(false);
    }

    // A task that is only executed again would starve the loop's sockets: a loop polls them after its task queue.
    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            var unused = loop.schedule(
                    () -> {
                        scheduled = false;
                        turn();
                    },
                    0,
                    TimeUnit.NANOSECONDS);
        }
    }

    private void turn() {
        deliver();
        for (var pulls = 0; pulls < MAX_PULLS_PER_TURN && !ready.isEmpty(); pulls++) {
            ready.removeFirst().pull();
        }
        if (!delivering.isEmpty()
                || !ready.isEmpty()
                || position != ring.bounds().last()) {
            schedule();
        }
    }

    private void deliver() {
        var writes = 0;
        while (writes < MAX_WRITES_PER_TURN && (!delivering.isEmpty() || prepare())) {
            if (delivering.element().deliver(deliveryStart)) {
                writes++;
            } else {
                removeIfEmpty(delivering.remove());
                if (delivering.isEmpty()) {
                    delivered();
                }
            }
        }
    }

    /** Prepares the next delivery; returns false without one. */
    private boolean prepare() {
        var bounds = ring.bounds();
        if (bounds.epoch() != epoch || position + 1 < bounds.first()) {
            fallBehind(bounds);
            return false;
        }
        deliveryStart = position;
        var full = false;
        while (position < bounds.last() && framesInDelivery.size() < MAX_EVENTS_PER_DELIVERY && !full) {
            var frame = ring.get(position + 1);
            if (frame == null) {
                // Dropped a moment ago; the next turn sees the new bounds.
                break;
            }
            position++;
            var concerned = topics.add(frame, delivering);
            if (!concerned.isEmpty()) {
                framesInDelivery.add(frame);
            }
            full = concerned.stream().anyMatch(Topic::isFull);
        }
        if (position != deliveryStart) {
            wakeAwaiting();
        }
        delivering.forEach(topic -> topic.begin(ByteBufAllocator.DEFAULT));
        return !delivering.isEmpty();
    }

    /** The ring no longer continues the group's position: each live member continues by itself. */
    private void fallBehind(Ring.Bounds bounds) {
        var last = cursor();
        for (var topic : topics.all()) {
            topics.remove(topic);
            topic.dissolve(last);
        }
        epoch = bounds.epoch();
        position = bounds.last();
        wakeAwaiting();
    }

    private void wakeAwaiting() {
        awaiting.forEach(this::enqueue);
        awaiting.clear();
    }

    private void removeIfEmpty(Topic topic) {
        if (topic.isEmpty()) {
            topic.release();
            topics.remove(topic);
        }
    }

    private void delivered() {
        var now = System.currentTimeMillis();
        framesInDelivery.forEach(frame -> meters.delivered(frame, now));
        framesInDelivery.clear();
    }

    private void tick() {
        var now = now();
        meters.loopLag(Math.max(0, now - tickDue));
        tickDue += tickNanos;
        // A copy, since members that are closed leave.
        for (var member : List.copyOf(members)) {
            member.tick(now);
        }
    }
}
