package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.FeedLog;
import dev.freshet.testing.Instance;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

class CatchUpTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static Instance instance;
    private static CatchUp catchUp;
    private static long epoch;

    @BeforeAll
    static void start() {
        instance = Instance.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        var writer = new LogWriter(instance);
        writer.publishAll(40, "rare").block(SOON);
        epoch = Objects.requireNonNull(writer.publishAll(10, "late").block(SOON))
                .epoch();
        instance.bean(DatabaseClient.class)
                .sql("delete from feed_log where seq <= 10")
                .then()
                .block(SOON);
        catchUp = new CatchUp(instance.bean(FeedLog.class), 16);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void pageIsFullAndSaysHowFarItReaches() {
        var page = entries(Feed.ALL, 10, 50);
        assertThat(page.entries()).hasSize(16);
        assertThat(page.reached()).isEqualTo(26);
    }

    @Test
    void filteredPageReachesItsEndThoughLittleMatches() {
        var page = entries(new Feed("late", null, null, null), 10, 45);
        assertThat(page.entries().stream()
                        .map(selected -> selected.entry().seq())
                        .toList())
                .isEqualTo(List.of(41L, 42L, 43L, 44L, 45L));
        assertThat(page.reached()).isEqualTo(45);
    }

    @Test
    void historyPrunedUnderASubscriberIsNoticedThoughThePageLooksWhole() {
        assertThat(read(Feed.ALL, new Cursor(epoch, 9), 50))
                .isEqualTo(new CatchUp.Page.Lost(Reset.HISTORY_PRUNED, new Cursor(epoch, 50)));
    }

    @Test
    void anotherEpochIsNoticed() {
        assertThat(read(Feed.ALL, new Cursor(epoch + 1, 20), 50))
                .isEqualTo(new CatchUp.Page.Lost(Reset.UNKNOWN_HISTORY, new Cursor(epoch, 50)));
    }

    private static CatchUp.Page.Entries entries(Feed feed, long after, long to) {
        return (CatchUp.Page.Entries) read(feed, new Cursor(epoch, after), to);
    }

    private static CatchUp.Page read(Feed feed, Cursor after, long to) {
        return Objects.requireNonNull(catchUp.read(feed, Format.SSE, after, to).block(SOON));
    }
}
