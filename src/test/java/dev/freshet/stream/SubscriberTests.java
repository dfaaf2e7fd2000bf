package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feed.OpenFollows;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import reactor.core.scheduler.Schedulers;

/** Subscribers on event loops whose clock the test controls. */
class SubscriberTests {

    private final Ring ring = new Ring(64, 1 << 20, new Cursor(7, 0));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StreamMeters meters = new StreamMeters(registry);
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final Subscribers subscribers = subscribers(Map.of("freshet.stream.lag-limit", "1000"));

    @Test
    void receivesRingThenNewEvents() {
        ring.append(RingTests.entries(1, 10));
        var wire = new Wire().open(subscribers, request(Feed.ALL, 4));
        assertThat(wire.text()).startsWith("retry:");
        assertThat(wire.seqs()).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
        append(11, 12, wire);
        assertThat(wire.seqs()).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    }

    @Test
    void subscriberIsLiveAfterThePullThatReachesTheTail() {
        ring.append(RingTests.entries(1, 10));
        var channel = new EmbeddedChannel();
        channel.freezeTime();
        var loop = channel.eventLoop();
        // Its write takes as long as a turn may.
        Runnable slow = () -> channel.advanceTimeBy(1, TimeUnit.SECONDS);
        subscribers.open(new CountingChannel(loop, slow)::attach, request(Feed.ALL, 4));
        var live = new AtomicBoolean();
        // Scheduled once it is open, so it runs after its first turn and before another.
        loop.execute(() -> {
            var unused =
                    loop.schedule(() -> live.set(subscribers.all().getFirst().isLive()), 0, TimeUnit.NANOSECONDS);
        });
        channel.runPendingTasks();
        assertThat(live).isTrue();
    }

    @Test
    void pausesWhileTheConnectionIsNotWritableAndResumes() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0)).writable(false);
        append(1, 10, wire);
        append(11, 20, wire);
        assertThat(wire.seqs()).isEmpty();
        wire.writable(true);
        append(21, 22, wire);
        assertThat(wire.seqs()).isEqualTo(LongStream.rangeClosed(1, 22).boxed().toList());
    }

    @Test
    void unwritableSubscriberDoesNotDelayOthers() {
        var stalled = new Wire().open(subscribers, request(Feed.ALL, 0)).writable(false);
        var other = new Wire().open(subscribers, request(Feed.ALL, 0));
        append(1, 5, other);
        stalled.run();
        assertThat(other.seqs()).hasSize(5);
        assertThat(stalled.seqs()).isEmpty();
        // The stalled subscriber keeps its position; the other one is at the tail.
        assertThat(subscribers.all()).extracting(Subscriber::lag).containsExactlyInAnyOrder(0L, 5L);
    }

    @Test
    void burstIsSentInFewWrites() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0));
        wire.forget();
        append(1, 50, wire);
        assertThat(wire.writes()).isEqualTo(1);
        assertThat(wire.seqs()).hasSize(50);
    }

    @Test
    void receivesAWithdrawalWhenAnArticleLeavesItsFeed() {
        var wire = new Wire().open(subscribers, request(new Feed("java", "Ann", null, null), 0));
        ring.append(List.of(
                entry(1, List.of("java"), null),
                entry(2, List.of("rust"), null),
                entry(3, List.of("rust", "go"), List.of("java", "go")),
                entry(4, List.of("rust"), List.of("rust"))));
        subscribers.news();
        wire.run();
        assertThat(wire.seqs()).containsExactly(1L, 3L);
        assertThat(wire.text()).containsOnlyOnce("event:article.published").containsOnlyOnce("event:article.withdrawn");
    }

    @Test
    void startAheadOfItsEventLoopSkipsEarlierEvents() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0));
        // The ring has the events, but the event loop has not processed them.
        ring.append(RingTests.entries(1, 10));
        var other = new Wire().open(subscribers, request(Feed.ALL, 10));
        append(11, 12, wire);
        other.run();
        assertThat(other.seqs()).containsExactly(11L, 12L);
        assertThat(wire.seqs()).hasSize(12);
    }

    @Test
    void silentStreamHasAHeartbeatAboutEvery15Seconds() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0));
        wire.forget();
        wire.pass(Duration.ofMinutes(3));
        assertThat(wire.writes()).isBetween(10, 20);
        assertThat(wire.text().replace(":\n\n", "")).isEmpty();
    }

    @Test
    void silenceEndsWithinTheHeartbeatInterval() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0));
        for (var seq = 1; seq <= 30; seq++) {
            // At any moment between two heartbeats.
            wire.pass(Duration.ofSeconds(seq));
            append(seq, seq, wire);
            wire.forget();
            wire.pass(Duration.ofSeconds(18));
            assertThat(wire.text()).contains(":\n\n");
        }
    }

    @Test
    void laggingSubscriberIsClosedWithAReason() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0)).writable(false);
        for (var seq = 1; seq <= 1001; seq++) {
            append(seq, seq, wire);
        }
        wire.pass(Duration.ofSeconds(2));
        assertThat(wire.text()).contains("event:closing", "\"reason\":\"lagging\"");
        assertThat(subscribers.count()).isZero();
        assertThat(closed("lagging")).isEqualTo(1);
    }

    @Test
    void endsAfterItsLifetime() {
        var brief = subscribers(Map.of("freshet.stream.max-lifetime", "60s"));
        var wire = new Wire().open(brief, request(Feed.ALL, 0)).pass(Duration.ofSeconds(50));
        assertThat(wire.isOpen()).isTrue();
        wire.pass(Duration.ofSeconds(20));
        assertThat(wire.text()).contains("event:closing", "\"reason\":\"lifetime\"", "\nretry:");
        assertThat(wire.isOpen()).isFalse();
    }

    @Test
    void sendsExpiringBeforeItsCredentialExpires() {
        var credential = new StreamCredential(Instant.now().plusSeconds(100), () -> false);
        var wire = new Wire()
                .open(subscribers, request(new StreamClient("127.0.0.1", "ann", credential), Feed.ALL, 0))
                .pass(Duration.ofSeconds(65));
        assertThat(wire.text()).doesNotContain("expiring");
        wire.pass(Duration.ofSeconds(10));
        assertThat(wire.text()).containsOnlyOnce("event:expiring\ndata:{\"type\":\"expiring\",\"at\":\"");
        assertThat(wire.isOpen()).isTrue();
        wire.pass(Duration.ofSeconds(30));
        assertThat(wire.text()).containsOnlyOnce("event:expiring").contains("\"reason\":\"expired\"", "\nretry:");
        assertThat(wire.isOpen()).isFalse();
    }

    @Test
    void stalledStreamEndsAfterItsCredentialIsRevoked() {
        var revoked = new AtomicBoolean();
        var client = new StreamClient("127.0.0.1", "ann", new StreamCredential(null, revoked::get));
        var idle = new Wire().open(subscribers, request(client, Feed.ALL, 0)).pass(Duration.ofSeconds(100));
        var stalled = new Wire().open(subscribers, request(client, Feed.ALL, 0)).writable(false);
        var other = new Wire().open(subscribers, request(Feed.ALL, 0));
        assertThat(idle.isOpen()).isTrue();
        revoked.set(true);
        append(1, 3, idle);
        for (var wire : List.of(idle, stalled, other)) {
            wire.pass(Duration.ofSeconds(2));
        }
        assertThat(idle.text()).contains("\"reason\":\"revoked\"");
        assertThat(idle.isOpen()).isFalse();
        assertThat(closed("revoked")).isEqualTo(2);
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void faultEndsItsStreamAndNoOther() {
        var client = new StreamClient("127.0.0.1", "ann", new StreamCredential(null, () -> {
            throw new IllegalStateException("The test fails");
        }));
        var faulty = new Wire().open(subscribers, request(client, Feed.ALL, 0));
        faulty.pass(Duration.ofSeconds(2));
        assertThat(faulty.text()).contains("event:closing", "\"reason\":\"internal\"");
        assertThat(faulty.isOpen()).isFalse();
        assertThat(closed("internal")).isEqualTo(1);
        assertThat(subscribers.count()).isZero();
    }

    @Test
    void disconnectReleasesEverythingOnce() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0));
        assertThat(subscribers.all()).hasSize(1);
        wire.disconnect();
        append(1, 3, wire);
        wire.pass(Duration.ofMinutes(1));
        assertThat(subscribers.all()).isEmpty();
        assertThat(subscribers.count()).isZero();
        assertThat(closed("disconnected")).isEqualTo(1);
    }

    @Test
    void brokenConnectionJoinsNoTopic() {
        var request = new StreamRequest(
                StreamClient.anonymous("127.0.0.1"),
                Feed.ALL,
                Format.SSE,
                new Cursor(7, 0),
                null,
                Long.MAX_VALUE,
                true);
        var wire = new Wire().writable(false).open(subscribers, request);
        wire.breakAtNextWrite();
        wire.writable(true);
        assertThat(subscribers.all()).isEmpty();
        assertThat(closed("disconnected")).isEqualTo(1);
        append(1, 1, wire);
        assertThat(registry.get("freshet.delivery").timer().count()).isZero();
    }

    @Test
    void limitsCountOpenStreamsOnly() {
        var few = subscribers(Map.of(
                "freshet.stream.max-streams", "4",
                "freshet.stream.max-per-address", "2",
                "freshet.stream.max-per-principal", "1"));
        var first = open(few, "10.0.0.1", null);
        open(few, "10.0.0.1", "ann");
        assertThat(refused(few, "10.0.0.1", null)).isEqualTo(StreamLimits.Limit.ADDRESS);
        assertThat(refused(few, "10.0.0.2", "ann")).isEqualTo(StreamLimits.Limit.PRINCIPAL);
        open(few, "10.0.0.2", "bob");
        open(few, "10.0.0.3", null);
        assertThat(refused(few, "10.0.0.4", null)).isEqualTo(StreamLimits.Limit.INSTANCE);
        assertThat(few.count()).isEqualTo(4);
        first.disconnect();
        open(few, "10.0.0.1", null);
        assertThat(few.count()).isEqualTo(4);
    }

    @Test
    void newEpochIsSentAsReset() {
        var wire = new Wire().open(subscribers, request(Feed.ALL, 0));
        append(1, 3, wire);
        ring.reset(new Cursor(8, 2));
        subscribers.news();
        wire.run();
        assertThat(wire.text()).contains("id:8-2\n", "event:reset", "\"reason\":\"unknown-history\"");
        append(3, 4, wire);
        assertThat(wire.seqs()).containsExactly(1L, 2L, 3L, 2L, 3L, 4L);
    }

    private double closed(String reason) {
        return registry.get("freshet.streams.closed")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private void append(long from, long to, Wire wire) {
        ring.append(RingTests.entries(from, to));
        subscribers.news();
        wire.run();
    }

    private Subscribers subscribers(Map<String, String> properties) {
        return new Subscribers(new StreamResources(
                ring,
                new SearchedRing(ring, log, Schedulers.immediate(), 1 << 20),
                Mockito.mock(OpenFollows.class, Mockito.CALLS_REAL_METHODS),
                new CatchUp(log, 16, 1 << 20, meters),
                Wire.settings(properties),
                meters));
    }

    static StreamRequest request(Feed feed, long start) {
        return request(StreamClient.anonymous("127.0.0.1"), feed, start);
    }

    private static StreamRequest request(StreamClient client, Feed feed, long start) {
        return new StreamRequest(client, feed, Format.SSE, new Cursor(7, start), null, Long.MAX_VALUE, false);
    }

    private static Wire open(Subscribers subscribers, String address, @Nullable String principal) {
        return new Wire().open(subscribers, request(new StreamClient(address, principal, null), Feed.ALL, 0));
    }

    private static StreamLimits.@Nullable Limit refused(
            Subscribers subscribers, String address, @Nullable String principal) {
        return new Wire().request(subscribers, request(new StreamClient(address, principal, null), Feed.ALL, 0));
    }

    private static LogEntry entry(long seq, List<String> now, @Nullable List<String> before) {
        var id = new UUID(9, seq);
        return new LogEntry(
                seq,
                0,
                before == null ? EventType.PUBLISHED : EventType.UPDATED,
                id,
                new Facets(now, "Ann", "test", "en"),
                before == null ? null : new Facets(before, "Ann", "test", "en"),
                "{\"id\":\"" + id + "\"}",
                null);
    }
}
