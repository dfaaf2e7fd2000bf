package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedRule;
import dev.freshet.platform.FaultLog;
import dev.freshet.platform.http.ClosingReason;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The subscribers of one event loop. A fault of a member ends its stream, and no other.
 *
 * <p>Live members are served by one {@link LiveDelivery} for feeds with searches and one for all others. The other members have turns
 * to pull, each from its own cursor. Each turn of the group is bounded, so that the loop's other work has its turn too.
 *
 * <p>The loop alone runs its methods, except {@link #news}, {@link #followed}, {@link #drain}, {@link #execute} and {@link #now}.
 */
final class Group {

    /** A member that has turns and is checked at ticks. */
    interface Member extends Topic.Member, GroupMembers.Indexed {

        /**
         * Sends its next batch if its connection is writable, or starts a read of it.
         *
         * @return when its next turn is due
         */
        NextTurn pull();

        /** Does what is due by the clock. */
        void tick(long now);

        /** Sends the reason to the client, and ends the stream. */
        void close(ClosingReason reason);
    }

    /** The time of a member's next turn to pull. */
    enum NextTurn {
        /** After the turns of the members that wait already. */
        SOON,
        /** After the ring has changed. */
        AFTER_NEWS,
        /** When the member calls {@link Group#enqueue}. */
        ON_REQUEST
    }

    // About as long as a run of live deliveries, so that subscribers in catch-up have half of the time.
    private static final long MAX_PULL_NANOS_PER_TURN = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int MAX_PULLS_PER_TURN = 1024;

    private final EventLoop loop;
    private final StreamSettings settings;
    private final StreamMeters meters;
    private final FaultLog faults = new FaultLog(LoggerFactory.getLogger(Group.class), Level.ERROR);
    private final LiveDelivery delivery;
    private final LiveDelivery searchDelivery;
    private final GroupMembers<Member> members = new GroupMembers<>();
    // Members that have everything, and that no topic serves.
    private final Set<Member> awaiting = new HashSet<>();
    // Members that wait for their turn to pull, in order.
    private final LinkedHashSet<Member> ready = new LinkedHashSet<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Future<?> ticks;
    private final long tickNanos;
    private volatile boolean hasMembers;
    private long tickDue;
    private boolean scheduled;

    /** @param rules returns the rule of a feed now */
    Group(
            EventLoop loop,
            FrameSource ring,
            FrameSource searchedRing,
            Function<Feed, FeedRule> rules,
            StreamMeters meters,
            StreamSettings settings) {
        this.loop = loop;
        this.settings = settings;
        this.meters = meters;
        this.delivery = new LiveDelivery(ring, new TopicIndex(new TopicsByName(), false, rules), meters);
        this.searchDelivery = new LiveDelivery(searchedRing, new TopicIndex(new TopicsBySearch(), true, rules), meters);
        var tickMillis = settings.tickMillis();
        this.tickNanos = TimeUnit.MILLISECONDS.toNanos(tickMillis);
        this.tickDue = loop.ticker().nanoTime() + tickNanos;
        this.ticks = loop.scheduleAtFixedRate(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    }

    /** Returns the delivery to the live members whose rule needs no words. */
    LiveDelivery delivery() {
        return delivery;
    }

    /** Returns the delivery to the live members whose rule needs words. It waits for the words of an event. */
    LiveDelivery searchDelivery() {
        return searchDelivery;
    }

    /** Returns the settings of its members. */
    StreamSettings settings() {
        return settings;
    }

    /** Returns the time of the event loop's clock, in nanoseconds. */
    long now() {
        return loop.ticker().nanoTime();
    }

    /** Runs a task on the event loop, soon. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    /** Reports that the ring has changed. Without members, the group continues when one is added. */
    void news() {
        if (hasMembers && woken.compareAndSet(false, true)) {
            loop.execute(() -> {
                woken.set(false);
                turn();
            });
        }
    }

    /** Reports that accounts followed or unfollowed names, or that their names were read first. */
    void followed(Set<UUID> accounts) {
        loop.execute(() -> {
            var leftByName = delivery.refresh(accounts);
            var leftBySearch = searchDelivery.refresh(accounts);
            ready.addAll(leftByName || leftBySearch ? members.all() : awaiting);
            awaiting.clear();
            turn();
        });
    }

    void add(Member member) {
        members.add(member);
        hasMembers = true;
        enqueue(member);
    }

    /** Removes a member, which has left its topic. */
    void remove(Member member) {
        members.remove(member);
        hasMembers = !members.isEmpty();
        awaiting.remove(member);
        ready.remove(member);
    }

    /** Gives a member a turn to pull, soon. */
    void enqueue(Member member) {
        ready.add(member);
        schedule();
    }

    /** Closes all members at random moments of a window. */
    void drain(long windowMillis) {
        loop.execute(() -> {
            for (var member : members.all()) {
                var delay = ThreadLocalRandom.current().nextLong(windowMillis + 1);
                var unused = loop.schedule(() -> close(member, ClosingReason.DRAINING), delay, TimeUnit.MILLISECONDS);
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
        try {
            deliver(delivery);
            deliver(searchDelivery);
        } catch (RuntimeException e) {
            // Nobody knows which topics have the event, so all streams begin again from their clients' cursors.
            report(e);
            members.all().forEach(member -> close(member, ClosingReason.INTERNAL));
        }
        var end = now() + MAX_PULL_NANOS_PER_TURN;
        for (var pulls = 0; pulls < MAX_PULLS_PER_TURN && !ready.isEmpty() && now() - end < 0; pulls++) {
            pull(ready.removeFirst());
        }
        if (!ready.isEmpty() || delivery.isPending() || searchDelivery.isPending()) {
            schedule();
        }
    }

    private void deliver(LiveDelivery live) {
        var before = live.position();
        if (!live.run()) {
            awaiting.clear();
            ready.addAll(members.all());
        } else if (live.position() != before) {
            ready.addAll(awaiting);
            awaiting.clear();
        }
    }

    private void pull(Member member) {
        try {
            switch (member.pull()) {
                case SOON -> ready.add(member);
                case AFTER_NEWS -> awaiting.add(member);
                case ON_REQUEST -> {}
            }
        } catch (RuntimeException e) {
            report(e);
            close(member, ClosingReason.INTERNAL);
        }
    }

    private void close(Member member, ClosingReason reason) {
        try {
            member.close(reason);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    // A scheduled task's exception would end in a future that nobody reads.
    private void report(RuntimeException fault) {
        faults.report("A stream ends with a fault", fault);
    }

    private void tick() {
        var now = now();
        meters.loopLag(Math.max(0, now - tickDue));
        tickDue += tickNanos;
        for (var member : members.all()) {
            try {
                member.tick(now);
            } catch (RuntimeException e) {
                report(e);
                close(member, ClosingReason.INTERNAL);
            }
        }
    }
}
