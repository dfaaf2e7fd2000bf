package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

/** Subscribers that join and leave at any moment of a delivery. */
class TopicTests {

    private final Ring ring = new Ring(64, 1 << 20, new Cursor(7, 0));
    private final StreamMeters meters = new StreamMeters(new SimpleMeterRegistry());
    private final CatchUp catchUp = new CatchUp(Mockito.mock(FeedLog.class), 16, 1 << 20, meters);
    private final Topic topic = new Topic(new Topic.Key(Feed.ALL, Format.SSE, Framing.CHUNKED));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void eachMemberGetsEachDeliveryOnceWhoeverJoinsAndLeavesMeanwhile(long seed) {
        var random = new Random(seed);
        var members = new ArrayList<Member>();
        for (var i = 0; i < 5; i++) {
            members.add(join(0));
        }
        for (var seq = 1L; seq <= 60; seq++) {
            topic.add(new Frame(7, RingTests.entries(seq, seq).getFirst()), false);
            topic.begin(ByteBufAllocator.DEFAULT);
            var before = seq - 1;
            var more = true;
            while (more) {
                switch (random.nextInt(6)) {
                    // It has the delivery under way already, as one that pulled it from the ring.
                    case 0 -> members.add(join(seq));
                    case 1 -> {
                        if (members.size() > 1) {
                            var left = members.remove(random.nextInt(members.size()));
                            topic.leave(left.subscriber);
                            left.assertOrdered();
                        }
                    }
                    default -> more = topic.deliver(before);
                }
            }
            for (var member : members) {
                assertThat(member.wire.seqs())
                        .as("after %s with seed %s", seq, seed)
                        .isEqualTo(member.expected(seq));
            }
        }
    }

    private Member join(long after) {
        var member = new Member(after);
        topic.join(member.subscriber);
        return member;
    }

    private final class Member {

        private final Wire wire = new Wire();
        private final long after;
        private final Subscriber subscriber;

        Member(long after) {
            this.after = after;
            subscriber = wire.attach(outlet -> new Subscriber(
                    1,
                    outlet,
                    new Group(outlet.loop(), ring, meters, 1000),
                    ring,
                    catchUp,
                    Wire.settings(Map.of()),
                    meters,
                    SubscriberTests.opening(Feed.ALL, after),
                    Mockito.mock(Subscriber.Registry.class)));
            wire.begin();
        }

        List<Long> expected(long upTo) {
            return LongStream.rangeClosed(after + 1, upTo).boxed().toList();
        }

        void assertOrdered() {
            var seqs = wire.seqs();
            assertThat(seqs).isEqualTo(expected(after + seqs.size()));
        }
    }
}
