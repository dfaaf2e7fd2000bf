package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.FeedLog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.reactivestreams.Subscription;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber on an event loop whose time the test decides. */
class SubscriberTests {

    private static final Pattern ID = Pattern.compile("id:7-(\\d+)");

    private final StreamSettings settings = new StreamSettings(
            64,
            DataSize.ofMegabytes(1),
            Duration.ofSeconds(15),
            Duration.ofSeconds(2),
            16,
            1000,
            Duration.ofSeconds(5));
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Ring ring = new Ring(64, 1 << 20, new Cursor(7, 0));
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final Connection out = new Connection();
    private int ended;

    @Test
    void sendsNothingThatNobodyAskedFor() {
        var subscriber = open(7, 0);
        ring.append(RingTests.entries(1, 10));
        subscriber.wake();
        assertThat(out.items).isEmpty();
        out.request(1);
        assertThat(out.items).hasSize(1).first().asString().startsWith("retry:");
        out.request(1);
        assertThat(out.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(out.items).hasSize(2);
    }

    @Test
    void sendsNothingWhileTheConnectionCannotTakeItAndThenGoesOn() {
        var subscriber = open(7, 0);
        out.request(Long.MAX_VALUE);
        writable(false);
        ring.append(RingTests.entries(1, 10));
        subscriber.wake();
        assertThat(out.seqs()).isEmpty();
        writable(true);
        subscriber.wake();
        assertThat(out.seqs()).hasSize(10);
    }

    @Test
    void silentStreamHasAHeartbeatAboutEvery15Seconds() {
        open(7, 0);
        out.request(Long.MAX_VALUE);
        out.items.clear();
        for (var seconds = 0; seconds < 180; seconds++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertThat(out.items).allMatch(":\n\n"::equals).hasSizeBetween(10, 15);
    }

    @Test
    void tellsOneThatFellTooFarBehindWhyAndCloses() {
        var subscriber = open(7, 0);
        out.request(Long.MAX_VALUE);
        writable(false);
        for (var seq = 1; seq <= 1001; seq++) {
            ring.append(RingTests.entries(seq, seq));
            subscriber.wake();
        }
        assertThat(out.items.getLast()).contains("event:closing", "\"reason\":\"lagging\"");
        assertThat(out.completed).isTrue();
        assertThat(ended).isEqualTo(1);
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(11, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void cancelReleasesEverythingOnce() {
        var subscriber = open(7, 0);
        out.request(Long.MAX_VALUE);
        out.items.clear();
        out.cancel();
        subscriber.cancel();
        ring.append(RingTests.entries(1, 3));
        subscriber.wake();
        channel.advanceTimeBy(60, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(out.items).isEmpty();
        assertThat(ended).isEqualTo(1);
    }

    @Test
    void newEpochIsToldInTheStream() {
        var subscriber = open(7, 0);
        out.request(Long.MAX_VALUE);
        ring.append(RingTests.entries(1, 3));
        subscriber.wake();
        ring.reset(new Cursor(8, 2));
        subscriber.wake();
        assertThat(out.items.getLast()).contains("id:8-2\n", "event:reset", "\"reason\":\"unknown-history\"");
    }

    @Test
    void allSubscribersShareTheEncodedBytes() {
        var other = new Connection();
        open(7, 0);
        begin(new Subscriber(channel, ring, new CatchUp(log, 16), settings, opening(7, 0), gone -> {}, other));
        ring.append(RingTests.entries(1, 1));
        out.request(2);
        other.request(2);
        // One frame alone is wrapped as it is.
        assertThat(other.buffers.getLast().array())
                .isSameAs(out.buffers.getLast().array());
    }

    private Subscriber open(long epoch, long seq) {
        return begin(new Subscriber(
                channel, ring, new CatchUp(log, 16), settings, opening(epoch, seq), gone -> ended++, out));
    }

    private static Subscriber begin(Subscriber subscriber) {
        subscriber.begin();
        return subscriber;
    }

    private static Opening opening(long epoch, long seq) {
        return new Opening(Feed.ALL, Format.SSE, new Cursor(epoch, seq), null, Long.MAX_VALUE, false);
    }

    private void writable(boolean writable) {
        Objects.requireNonNull(channel.unsafe().outboundBuffer()).setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    /** What stands for the rest of the server: it asks for as much as the test says. */
    private static final class Connection extends BaseSubscriber<ByteBuf> {

        private final List<String> items = new ArrayList<>();
        private final List<ByteBuf> buffers = new ArrayList<>();
        private boolean completed;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Asks for nothing by itself.
        }

        @Override
        protected void hookOnNext(ByteBuf item) {
            buffers.add(item);
            items.add(item.toString(StandardCharsets.UTF_8));
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }

        private List<Long> seqs() {
            return ID.matcher(String.join("", items))
                    .results()
                    .map(result -> Long.valueOf(result.group(1)))
                    .toList();
        }
    }
}
