package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.FeedRule;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.testing.CapturesOutput;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/** Faults of members on an event loop whose clock the test controls. */
@CapturesOutput
class GroupTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Group group;

    GroupTests() {
        channel.freezeTime();
        var ring = new Ring(64, 1 << 20, new Cursor(7, 0));
        group = new Group(
                channel.eventLoop(),
                ring,
                ring,
                feed -> FeedRule.of(feed, null),
                new StreamMeters(new SimpleMeterRegistry()),
                Wire.settings(Map.of()));
    }

    @Test
    void memberWithAFailedPullIsClosedAndOthersContinue(CapturedOutput log) {
        var faulty = new Stub(true, false);
        var other = new Stub(false, false);
        group.add(faulty);
        group.add(other);
        run();

        assertThat(faulty.closed).containsExactly(ClosingReason.INTERNAL);
        assertThat(other.pulls).isEqualTo(1);
        assertThat(other.closed).isEmpty();
        assertThat(log).contains("The pull fails");
    }

    @Test
    void ticksContinueAfterTheFaultOfAMember(CapturedOutput log) {
        var faulty = new Stub(false, true);
        var other = new Stub(false, false);
        group.add(faulty);
        group.add(other);
        for (var i = 0; i < 10; i++) {
            run();
        }

        assertThat(faulty.closed).contains(ClosingReason.INTERNAL);
        assertThat(other.ticks).isEqualTo(10);
        // It stays, since it does not leave when it is closed.
        assertThat(log.getOut().split("The tick fails", -1)).hasSize(2);
    }

    @Test
    void turnServesAllPullsThatTakeNoTime() {
        var members = Stream.generate(() -> new Stub(false, false)).limit(500).toList();
        members.forEach(group::add);
        var served = new AtomicLong();
        // After the first turn, since the next one would be scheduled later.
        var unused = channel.eventLoop()
                .schedule(
                        () -> served.set(members.stream()
                                .filter(member -> member.pulls > 0)
                                .count()),
                        0,
                        TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
        assertThat(served).hasValue(500);
    }

    @Test
    void turnWithLongPullsYieldsToOtherWork() {
        var members = Stream.generate(() -> new Stub(false, false)).limit(6).toList();
        members.forEach(member -> {
            member.pullTime = () -> channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            group.add(member);
        });
        for (var turns = 1; turns <= 3; turns++) {
            channel.runPendingTasks();
            assertThat(members.stream().filter(member -> member.pulls > 0)).hasSize(2 * turns);
        }
    }

    @Test
    void membersStayWhenOthersLeave() {
        var members = Stream.generate(() -> new Stub(false, false)).limit(6).toList();
        members.forEach(group::add);
        for (var leaving : List.of(0, 5, 2)) {
            group.remove(members.get(leaving));
            group.remove(members.get(leaving));
        }
        run();
        assertThat(members).extracting(member -> member.ticks).containsExactly(0, 1, 0, 1, 1, 0);
    }

    @Test
    void newsWakesNoGroupWithoutMembers() {
        var member = new Stub(false, false);
        group.news();
        assertThat(channel.hasPendingTasks()).isFalse();
        group.add(member);
        run();
        group.news();
        assertThat(channel.hasPendingTasks()).isTrue();
        run();
        group.remove(member);
        group.news();
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    private void run() {
        channel.advanceTimeBy(group.settings().tickMillis(), TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
    }

    private static final class Stub implements Group.Member {

        private final boolean failsToPull;
        private final boolean failsToTick;
        private final List<ClosingReason> closed = new ArrayList<>();
        private int indexInGroup;
        private Runnable pullTime = () -> {};
        private int pulls;
        private int ticks;

        Stub(boolean failsToPull, boolean failsToTick) {
            this.failsToPull = failsToPull;
            this.failsToTick = failsToTick;
        }

        @Override
        public Group.NextTurn pull() {
            if (failsToPull) {
                throw new IllegalStateException("The pull fails");
            }
            pulls++;
            pullTime.run();
            return Group.NextTurn.ON_REQUEST;
        }

        @Override
        public void tick(long now) {
            if (failsToTick) {
                throw new IllegalStateException("The tick fails");
            }
            ticks++;
        }

        @Override
        public int indexInGroup() {
            return indexInGroup;
        }

        @Override
        public void indexInGroup(int index) {
            indexInGroup = index;
        }

        @Override
        public void close(ClosingReason reason) {
            closed.add(reason);
        }

        @Override
        public boolean deliver(ByteBuf shared, long before) {
            return true;
        }

        @Override
        public void moved(int index) {}

        @Override
        public void dissolved(Cursor at) {}
    }
}
