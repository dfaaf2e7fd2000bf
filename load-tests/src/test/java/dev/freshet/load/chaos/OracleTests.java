package dev.freshet.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.load.chaos.LogRow.Facets;
import dev.freshet.load.chaos.Oracle.Account;
import dev.freshet.load.chaos.Oracle.Acknowledged;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Checks that the oracle reports every kind of difference, and nothing else. */
class OracleTests {

    private static final Facets NEWS = new Facets(List.of("news"), "ann");
    private static final Facets SPORT = new Facets(List.of("sport"), "bob");
    private static final Feed BY_TAG = new Feed.ByTag("news");

    // a is published, b is published, a loses its tag, b is withdrawn, c is published.
    private static final List<LogRow> LOG = List.of(
            new LogRow(1, LogRow.PUBLISHED, "a", NEWS, null),
            new LogRow(2, LogRow.PUBLISHED, "b", SPORT, null),
            new LogRow(3, LogRow.UPDATED, "a", SPORT, NEWS),
            new LogRow(4, LogRow.WITHDRAWN, "b", SPORT, SPORT),
            new LogRow(5, LogRow.PUBLISHED, "c", NEWS, null));
    private static final Oracle ORACLE = new Oracle(LOG, List.of("e1", "e2"));

    private static final Received A = change(1, LogRow.PUBLISHED, "a");
    private static final Received B = change(2, LogRow.PUBLISHED, "b");
    private static final Received A_AGAIN = change(3, LogRow.UPDATED, "a");
    private static final Received B_GONE = change(4, LogRow.WITHDRAWN, "b");
    private static final Received C = change(5, LogRow.PUBLISHED, "c");
    private static final Received A_LEFT = change(3, LogRow.WITHDRAWN, "a");

    @Test
    void completeOrderedEventsHaveNoDifference() {
        assertThat(received(Feed.ALL, A, B, A_AGAIN, B_GONE, C)).isEmpty();
    }

    @Test
    void articleThatLeavesTheFeedIsExpectedAsWithdrawn() {
        assertThat(received(BY_TAG, A, A_LEFT, C)).isEmpty();
        assertThat(received(BY_TAG, A, A_AGAIN, C)).singleElement().asString().contains("instead of");
        assertThat(received(new Feed.ByAuthor("bob"), B, A_AGAIN, B_GONE)).isEmpty();
    }

    @Test
    void gapIsReported() {
        assertThat(received(Feed.ALL, A, B, B_GONE, C))
                .singleElement()
                .asString()
                .endsWith("missed 3");
        assertThat(received(Feed.ALL, B, A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .endsWith("missed 1");
        assertThat(received(Feed.ALL, A, B, A_AGAIN, B_GONE))
                .singleElement()
                .asString()
                .endsWith("missed 5");
    }

    @Test
    void partitionsOfATopicAreComparedTogether() {
        var ordered = ORACLE.ordered(List.of(B, B_GONE, A, A_AGAIN, C));

        assertThat(received(Feed.ALL, ordered.toArray(Received[]::new))).isEmpty();
    }

    @Test
    void duplicateIsReported() {
        assertThat(received(Feed.ALL, A, B, B, A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .endsWith("got e1-2 after 2");
    }

    @Test
    void otherOrderIsReported() {
        assertThat(received(Feed.ALL, A, A_AGAIN, B, B_GONE, C))
                .hasSize(2)
                .last()
                .asString()
                .endsWith("got e1-2 after 3");
    }

    @Test
    void eventOfAnotherFeedIsReported() {
        assertThat(received(BY_TAG, A, B, A_LEFT, C)).singleElement().asString().contains("not of its feed");
    }

    @Test
    void unloggedEventIsReported() {
        assertThat(received(Feed.ALL, A, B, A_AGAIN, B_GONE, C, change(6, LogRow.PUBLISHED, "d")))
                .singleElement()
                .asString()
                .contains("not in the log");
    }

    @Test
    void otherArticleAtTheSamePositionIsReported() {
        assertThat(received(Feed.ALL, A, change(2, LogRow.PUBLISHED, "c"), A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .contains("instead of");
    }

    @Test
    void resetToNewerHistoryExcusesSkippedEvents() {
        assertThat(received(Feed.ALL, A, reset("e2", 4, "unknown-history"), change("e2", 5, LogRow.PUBLISHED, "c")))
                .isEmpty();
    }

    @Test
    void unneededResetIsReported() {
        assertThat(received(Feed.ALL, A, B, reset("e1", 2, "unknown-history"), A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .contains("without need");
        assertThat(received(Feed.ALL, A, reset("e2", 5, "history-pruned"))).hasSize(1);
        assertThat(received(Feed.ALL, A, reset("e3", 5, "unknown-history"))).hasSize(1);
        assertThat(received(
                        Feed.ALL,
                        A,
                        reset("e2", 4, "unknown-history"),
                        reset("e1", 4, "unknown-history"),
                        reset("e2", 5, "unknown-history")))
                .singleElement()
                .asString()
                .contains("from e2-4 to e1-4");
    }

    @Test
    void otherHistoryWithoutResetIsReported() {
        assertThat(received(Feed.ALL, A, change("e2", 2, LogRow.PUBLISHED, "b"), A_AGAIN, B_GONE, C))
                .hasSize(2)
                .first()
                .asString()
                .contains("of another history");
    }

    @Test
    void eventsBeforeTheStartAreNotExpected() {
        assertThat(ORACLE.missing(new Account("r", Feed.ALL, "e1", 3, List.of(B_GONE, C))))
                .isEmpty();
        assertThat(ORACLE.missing(new Account("r", Feed.ALL, "e1", 3, List.of(A_AGAIN, B_GONE, C))))
                .hasSize(1);
        assertThat(ORACLE.missing(new Account("r", Feed.ALL, null, 0, List.of())))
                .hasSize(5);
    }

    @Test
    void manyDifferencesAreCounted() {
        var longer = LongStream.rangeClosed(1, 10)
                .mapToObj(seq -> new LogRow(seq, LogRow.PUBLISHED, "x" + seq, NEWS, null))
                .toList();
        assertThat(new Oracle(longer, List.of("e1")).missing(new Account("r", Feed.ALL, "e1", 0, List.of())))
                .hasSize(6)
                .last()
                .asString()
                .endsWith("differs 5 times more");
    }

    @Test
    void gapInTheLogIsReported() {
        assertThat(ORACLE.gaps()).isEmpty();
        assertThat(new Oracle(List.of(LOG.get(0), LOG.get(2)), List.of("e1")).gaps())
                .singleElement()
                .asString()
                .contains("3 after 1");
    }

    @Test
    void answeredChangesAreInTheLogOnceInOrder() {
        var a = acknowledged(LogRow.PUBLISHED, "a");
        var changed = acknowledged(LogRow.UPDATED, "a");
        var b = acknowledged(LogRow.PUBLISHED, "b");
        var gone = acknowledged(LogRow.WITHDRAWN, "b");
        var c = acknowledged(LogRow.PUBLISHED, "c");
        assertThat(published(a, b, changed, gone, c)).isEmpty();
        assertThat(published(a, b, changed, changed, gone, c))
                .as("answered, not logged")
                .hasSize(1);
        assertThat(published(a, b, gone, c)).as("logged, not answered").hasSize(1);
        assertThat(published(a, changed, b, gone, c)).as("another order").hasSize(1);
        assertThat(published(a, b, changed, gone)).as("nobody's article").hasSize(1);
    }

    private static List<String> published(Acknowledged.Change... changes) {
        return ORACLE.unpublished(List.of(new Acknowledged("p", List.of(changes))));
    }

    private static Acknowledged.Change acknowledged(String type, String article) {
        return new Acknowledged.Change(type, article);
    }

    private static List<String> received(Feed feed, Received... received) {
        return ORACLE.missing(new Account("r", feed, "e1", 0, List.of(received)));
    }

    private static Received change(long seq, String type, String article) {
        return change("e1", seq, type, article);
    }

    private static Received change(String epoch, long seq, String type, String article) {
        return new Received.Change(new Position(epoch, seq), type, article);
    }

    private static Received reset(String epoch, long seq, String reason) {
        return new Received.Reset(new Position(epoch, seq), reason);
    }
}
