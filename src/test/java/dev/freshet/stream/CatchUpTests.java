package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;

class CatchUpTests {

    private static Freshet instance;
    private static CatchUp catchUp;
    private static final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private static long epoch;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        var writer = new LogWriter(instance);
        writer.publishAll(40, "rare").block(TIMEOUT);
        epoch = Objects.requireNonNull(writer.publishAll(10, "late").block(TIMEOUT))
                .epoch();
        instance.bean(DatabaseClient.class)
                .sql("delete from feed_log where seq <= 10")
                .then()
                .block(TIMEOUT);
        catchUp = new CatchUp(instance.bean(FeedLog.class), 16, 1 << 20, new StreamMeters(registry));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void pageIsFullAndReportsItsEnd() {
        var page = events(Feed.ALL, 16, 50);
        assertThat(page.events()).hasSize(16);
        assertThat(page.reached()).isEqualTo(32);
    }

    @Test
    void filteredPageEndsIfFewRowsMatch() {
        var page = events(new Feed("late", null, null, null), 10, 48);
        assertThat(page.events().stream()
                        .map(event -> event.frame().entry().seq())
                        .toList())
                .isEqualTo(List.of(41L, 42L, 43L, 44L, 45L, 46L, 47L, 48L));
        assertThat(page.reached()).isEqualTo(48);
    }

    @Test
    void subscribersNearTheSamePlaceShareOneRead() {
        var feed = new Feed("rare", null, null, null);
        var before = reads();
        var pages = Flux.range(16, 16)
                .flatMap(after -> catchUp.read(feed, Format.SSE, new Cursor(epoch, after), 49, 0), 16)
                .collectList()
                .block(TIMEOUT);
        assertThat(pages)
                .hasSize(16)
                .allSatisfy(page ->
                        assertThat(page).isSameAs(Objects.requireNonNull(pages).getFirst()));
        assertThat(reads() - before).isEqualTo(1);
    }

    @Test
    void pageOfAFormerSelectionIsNotShared() {
        var followed = Feed.ALL.followedBy(UUID.randomUUID());
        var before = reads();
        for (var selection : new long[] {1, 2, 2}) {
            Freshet.get(catchUp.read(followed, Format.SSE, new Cursor(epoch, 16), 50, selection));
        }
        assertThat(reads() - before).isEqualTo(2);
    }

    @Test
    void pageReadBeforeAWithdrawalIsNotSentAfterIt() {
        var page = events(Feed.ALL, 16, 50);
        assertThat(catchUp.isCurrent(page)).isTrue();
        catchUp.withdrawn();
        assertThat(catchUp.isCurrent(page)).isFalse();
        assertThat(catchUp.isCurrent(events(Feed.ALL, 16, 50))).isTrue();
    }

    private static double reads() {
        return registry.get("freshet.catchup.reads").counter().count();
    }

    @Test
    void pruningDuringReplayIsDetectedInCompletePages() {
        assertThat(read(Feed.ALL, new Cursor(epoch, 9), 50))
                .isEqualTo(new CatchUp.Page.Lost(ResetReason.HISTORY_PRUNED, new Cursor(epoch, 50)));
    }

    @Test
    void otherEpochIsDetected() {
        assertThat(read(Feed.ALL, new Cursor(epoch + 1, 20), 50))
                .isEqualTo(new CatchUp.Page.Lost(ResetReason.UNKNOWN_HISTORY, new Cursor(epoch, 50)));
    }

    private static CatchUp.Page.Events events(Feed feed, long after, long to) {
        return (CatchUp.Page.Events) read(feed, new Cursor(epoch, after), to);
    }

    private static CatchUp.Page read(Feed feed, Cursor after, long to) {
        return Objects.requireNonNull(
                catchUp.read(feed, Format.SSE, after, to, 0).block(TIMEOUT));
    }
}
