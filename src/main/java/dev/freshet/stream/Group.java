package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The subscribers of one event loop. It takes the ring's news once for all that are at the live end, by topic, and lets
 * the others pull, each at its own place. What it does at once is bounded, so that the loop's other work has its turn.
 * The loop alone runs what is here, but for {@link #news}.
 */
final class Group {

    private static final int EVENTS_A_BATCH = 256;
    private static final int WRITES_A_TURN = 512;
    private static final int PULLS_A_TURN = 32;

    private final EventLoop loop;
    private final Ring ring;
    private final StreamMeters meters;
    private final Set<Subscriber> members = new HashSet<>();
    // Those whom no topic serves, though they have got all that there is.
    private final Set<Subscriber> waiting = new HashSet<>();
    private final TopicIndex topics = new TopicIndex();
    private final Queue<Topic> delivering = new ArrayDeque<>();
    private final List<Frame> underWay = new ArrayList<>();
    private final Queue<Subscriber> ready = new ArrayDeque<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Future<?> ticks;
    private final long tickNanos;
    private long tickDue;
    private boolean scheduled;
    private long epoch;
    // All events up to here are with the subscribers at the live end, or in the delivery under way.
    private long position;
    // The position before the delivery under way.
    private long before;

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

    EventLoop loop() {
        return loop;
    }

    long epoch() {
        return epoch;
    }

    long position() {
        return position;
    }

    long now() {
        return loop.ticker().nanoTime();
    }

    /** Tells that the ring has changed; from any thread. */
    void news() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(() -> {
                woken.set(false);
                turn();
            });
        }
    }

    void add(Subscriber subscriber) {
        members.add(subscriber);
        enqueue(subscriber);
    }

    void remove(Subscriber subscriber) {
        members.remove(subscriber);
        waiting.remove(subscriber);
    }

    /** Lets a subscriber pull soon. */
    void enqueue(Subscriber subscriber) {
        if (subscriber.queue()) {
            ready.add(subscriber);
            schedule();
        }
    }

    /** Lets a subscriber pull when there is more in the ring. */
    void await(Subscriber subscriber) {
        waiting.add(subscriber);
    }

    /** Serves a subscriber from now on, which has got everything up to the group's position. */
    Topic join(Subscriber subscriber, Topic.Key key) {
        var topic = topics.get(key);
        topic.join(subscriber);
        return topic;
    }

    void leave(Subscriber subscriber, Topic topic) {
        topic.leave(subscriber);
        if (topic.isEmpty()) {
            topic.release();
            topics.remove(topic);
        }
    }

    /** Releases all, spread over a time. */
    void drain(long windowMillis) {
        for (var member : members) {
            var delay = ThreadLocalRandom.current().nextLong(windowMillis + 1);
            var unused = loop.schedule(() -> member.close(ClosingReason.DRAINING), delay, TimeUnit.MILLISECONDS);
        }
    }

    void stop() {
        ticks.cancel(false);
    }

    // A task that is only executed again would keep the loop from its sockets: it goes round its timers once a round.
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
        var writes = 0;
        while (writes < WRITES_A_TURN && (!delivering.isEmpty() || prepare())) {
            if (delivering.element().deliver(before)) {
                writes++;
            } else {
                delivering.remove();
                if (delivering.isEmpty()) {
                    delivered();
                }
            }
        }
        for (var pulls = 0; pulls < PULLS_A_TURN && !ready.isEmpty(); pulls++) {
            ready.remove().pull();
        }
        if (!delivering.isEmpty()
                || !ready.isEmpty()
                || position != ring.bounds().last()) {
            schedule();
        }
    }

    /** Puts the next delivery together; false where there is none. */
    private boolean prepare() {
        var bounds = ring.bounds();
        if (bounds.epoch() != epoch || position + 1 < bounds.first()) {
            lose(bounds);
            return false;
        }
        before = position;
        var full = false;
        while (position < bounds.last() && underWay.size() < EVENTS_A_BATCH && !full) {
            var frame = ring.get(position + 1);
            if (frame == null) {
                // Dropped this very moment; the next turn sees the new bounds.
                break;
            }
            position++;
            var concerned = topics.add(frame, delivering);
            if (!concerned.isEmpty()) {
                underWay.add(frame);
            }
            full = concerned.stream().anyMatch(Topic::isFull);
        }
        if (position != before) {
            waiting.forEach(this::enqueue);
            waiting.clear();
        }
        delivering.forEach(topic -> topic.begin(ByteBufAllocator.DEFAULT));
        return !delivering.isEmpty();
    }

    /** The ring no longer continues the group's position: each subscriber goes on by itself. */
    private void lose(Ring.Bounds bounds) {
        for (var topic : topics.all()) {
            for (var member : topic.members()) {
                member.fallBehind(position);
                enqueue(member);
            }
        }
        epoch = bounds.epoch();
        position = bounds.last();
        waiting.forEach(this::enqueue);
        waiting.clear();
    }

    private void delivered() {
        var now = System.currentTimeMillis();
        underWay.forEach(frame -> meters.delivered(frame, now));
        underWay.clear();
    }

    private void tick() {
        var now = now();
        meters.loopLag(Math.max(0, now - tickDue));
        tickDue += tickNanos;
        // A copy: one that is closed leaves.
        for (var member : List.copyOf(members)) {
            member.tick(now);
        }
    }
}
