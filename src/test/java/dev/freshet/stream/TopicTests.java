package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedRule;
import dev.freshet.log.feedlog.Cursor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that join, leave and refuse at any moment of a delivery. */
class TopicTests {

    private static final Pattern ID = Pattern.compile("id:7-(\\d+)");

    private final Topic topic =
            new Topic(new Topic.Key(Feed.ALL, Format.SSE, Framing.CHUNKED), FeedRule.of(Feed.ALL, null));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void memberReceivesEachDeliveryOnceDuringChanges(long seed) {
        var random = new Random(seed);
        var members = new ArrayList<Recorder>();
        for (var i = 0; i < 5; i++) {
            members.add(join(0));
        }
        for (var seq = 1L; seq <= 60; seq++) {
            topic.add(new Frame(7, RingTests.entries(seq, seq).getFirst()), false);
            topic.begin(ByteBufAllocator.DEFAULT);
            var before = seq - 1;
            var more = true;
            while (more) {
                switch (random.nextInt(7)) {
                    // It has the delivery in progress already, like a subscriber that took it from the ring.
                    case 0 -> members.add(join(seq));
                    case 1 -> {
                        if (members.size() > 1) {
                            var left = members.remove(random.nextInt(members.size()));
                            topic.leave(left.index);
                            left.assertOrdered();
                        }
                    }
                    case 2 -> {
                        if (members.size() > 1) {
                            members.get(random.nextInt(members.size())).writable = false;
                        }
                    }
                    default -> more = topic.deliver(before);
                }
                members.removeIf(member -> member.leftAt >= 0);
            }
            for (var member : members) {
                assertThat(member.seqs).as("after %s with seed %s", seq, seed).isEqualTo(member.expected(seq));
            }
        }
        topic.dissolve(new Cursor(7, 60), new Cursor(7, 50));
        assertThat(topic.isEmpty()).isTrue();
        assertThat(members).allSatisfy(member -> assertThat(member.leftAt).isEqualTo(60));
    }

    @Test
    void dissolvedMembersContinueAfterWhatTheyHave() {
        var first = join(0);
        var second = join(0);
        topic.add(new Frame(7, RingTests.entries(1, 1).getFirst()), false);
        topic.begin(ByteBufAllocator.DEFAULT);
        topic.deliver(0);
        topic.dissolve(new Cursor(7, 1), new Cursor(7, 0));
        assertThat(List.of(first.leftAt, second.leftAt)).containsExactlyInAnyOrder(1L, 0L);
        assertThat(first.seqs.size() + second.seqs.size()).isEqualTo(1);
        assertThat(topic.isEmpty()).isTrue();
    }

    private Recorder join(long after) {
        var member = new Recorder(after);
        member.index = topic.join(member);
        return member;
    }

    /** Records the seqs that it receives, and leaves the topic at the next delivery once it is not writable. */
    private static final class Recorder implements Topic.Member {

        private final long after;
        private final List<Long> seqs = new ArrayList<>();
        private int index;
        private boolean writable = true;
        private long leftAt = -1;

        Recorder(long after) {
            this.after = after;
        }

        @Override
        public boolean deliver(ByteBuf shared, long before) {
            assertThat(leftAt).isNegative();
            if (!writable) {
                leftAt = before;
                assertThat(seqs).isEqualTo(expected(before));
                return false;
            }
            ID.matcher(shared.toString(StandardCharsets.UTF_8))
                    .results()
                    .forEach(result -> seqs.add(Long.valueOf(result.group(1))));
            return true;
        }

        @Override
        public void moved(int newIndex) {
            index = newIndex;
        }

        @Override
        public void dissolved(Cursor at) {
            leftAt = at.seq();
        }

        List<Long> expected(long upTo) {
            return LongStream.rangeClosed(after + 1, upTo).boxed().toList();
        }

        void assertOrdered() {
            assertThat(seqs).isEqualTo(expected(after + seqs.size()));
        }
    }
}
