package dev.freshet.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.load.chaos.Logged.Facets;
import dev.freshet.load.chaos.Oracle.Account;
import dev.freshet.load.chaos.Oracle.Told;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The judge must not be fooled: every kind of difference is told, and nothing else is. */
class OracleTests {

    private static final Facets NEWS = new Facets(List.of("news"), "ann");
    private static final Facets SPORT = new Facets(List.of("sport"), "bob");
    private static final Feed BY_TAG = new Feed.ByTag("news");

    // a is published, b is published, a loses its tag, b is withdrawn, c is published.
    private static final List<Logged> LOG = List.of(
            new Logged(1, Logged.PUBLISHED, "a", NEWS, null),
            new Logged(2, Logged.PUBLISHED, "b", SPORT, null),
            new Logged(3, Logged.UPDATED, "a", SPORT, NEWS),
            new Logged(4, Logged.WITHDRAWN, "b", SPORT, SPORT),
            new Logged(5, Logged.PUBLISHED, "c", NEWS, null));
    private static final Oracle ORACLE = new Oracle(LOG, List.of("e1", "e2"));

    private static final Heard A = change(1, Logged.PUBLISHED, "a");
    private static final Heard B = change(2, Logged.PUBLISHED, "b");
    private static final Heard A_AGAIN = change(3, Logged.UPDATED, "a");
    private static final Heard B_GONE = change(4, Logged.WITHDRAWN, "b");
    private static final Heard C = change(5, Logged.PUBLISHED, "c");
    private static final Heard A_LEFT = change(3, Logged.WITHDRAWN, "a");

    @Test
    void allEventsInOrderAreWell() {
        assertThat(heard(Feed.ALL, A, B, A_AGAIN, B_GONE, C)).isEmpty();
    }

    @Test
    void feedHearsOfWhatLeavesItAsWithdrawn() {
        assertThat(heard(BY_TAG, A, A_LEFT, C)).isEmpty();
        assertThat(heard(BY_TAG, A, A_AGAIN, C)).singleElement().asString().contains("in the place of");
        assertThat(heard(new Feed.ByAuthor("bob"), B, A_AGAIN, B_GONE)).isEmpty();
    }

    @Test
    void gapIsTold() {
        assertThat(heard(Feed.ALL, A, B, B_GONE, C)).singleElement().asString().endsWith("missed 3");
        assertThat(heard(Feed.ALL, B, A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .endsWith("missed 1");
        assertThat(heard(Feed.ALL, A, B, A_AGAIN, B_GONE))
                .singleElement()
                .asString()
                .endsWith("missed 5");
    }

    @Test
    void duplicateIsTold() {
        assertThat(heard(Feed.ALL, A, B, B, A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .endsWith("got e1-2 after 2");
    }

    @Test
    void otherOrderIsTold() {
        assertThat(heard(Feed.ALL, A, A_AGAIN, B, B_GONE, C))
                .hasSize(2)
                .last()
                .asString()
                .endsWith("got e1-2 after 3");
    }

    @Test
    void eventOfAnotherFeedIsTold() {
        assertThat(heard(BY_TAG, A, B, A_LEFT, C)).singleElement().asString().contains("not of its feed");
    }

    @Test
    void eventThatWasNeverLoggedIsTold() {
        assertThat(heard(Feed.ALL, A, B, A_AGAIN, B_GONE, C, change(6, Logged.PUBLISHED, "d")))
                .singleElement()
                .asString()
                .contains("not in the log");
    }

    @Test
    void otherArticleInTheSamePlaceIsTold() {
        assertThat(heard(Feed.ALL, A, change(2, Logged.PUBLISHED, "c"), A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .contains("in the place of");
    }

    @Test
    void resetToNewerHistoryExcusesWhatItSkips() {
        assertThat(heard(Feed.ALL, A, reset("e2", 4, "unknown-history"), change("e2", 5, Logged.PUBLISHED, "c")))
                .isEmpty();
    }

    @Test
    void resetWithoutNeedIsTold() {
        assertThat(heard(Feed.ALL, A, B, reset("e1", 2, "unknown-history"), A_AGAIN, B_GONE, C))
                .singleElement()
                .asString()
                .contains("without need");
        assertThat(heard(Feed.ALL, A, reset("e2", 5, "history-pruned"))).hasSize(1);
        assertThat(heard(Feed.ALL, A, reset("e3", 5, "unknown-history"))).hasSize(1);
        assertThat(heard(
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
    void otherHistoryWithoutResetIsTold() {
        assertThat(heard(Feed.ALL, A, change("e2", 2, Logged.PUBLISHED, "b"), A_AGAIN, B_GONE, C))
                .hasSize(2)
                .first()
                .asString()
                .contains("of another history");
    }

    @Test
    void startIsWhereHearingBegins() {
        assertThat(ORACLE.unheard(new Account("r", Feed.ALL, "e1", 3, List.of(B_GONE, C))))
                .isEmpty();
        assertThat(ORACLE.unheard(new Account("r", Feed.ALL, "e1", 3, List.of(A_AGAIN, B_GONE, C))))
                .hasSize(1);
        assertThat(ORACLE.unheard(new Account("r", Feed.ALL, null, 0, List.of())))
                .hasSize(5);
    }

    @Test
    void manyDifferencesAreCounted() {
        var longer = LongStream.rangeClosed(1, 10)
                .mapToObj(seq -> new Logged(seq, Logged.PUBLISHED, "x" + seq, NEWS, null))
                .toList();
        assertThat(new Oracle(longer, List.of("e1")).unheard(new Account("r", Feed.ALL, "e1", 0, List.of())))
                .hasSize(6)
                .last()
                .asString()
                .endsWith("differs 5 times more");
    }

    @Test
    void gapInTheLogIsTold() {
        assertThat(ORACLE.gaps()).isEmpty();
        assertThat(new Oracle(List.of(LOG.get(0), LOG.get(2)), List.of("e1")).gaps())
                .singleElement()
                .asString()
                .contains("3 after 1");
    }

    @Test
    void whatWasAnsweredIsInTheLogOnceAndInOrder() {
        var a = told(Logged.PUBLISHED, "a");
        var changed = told(Logged.UPDATED, "a");
        var b = told(Logged.PUBLISHED, "b");
        var gone = told(Logged.WITHDRAWN, "b");
        var c = told(Logged.PUBLISHED, "c");
        assertThat(published(a, b, changed, gone, c)).isEmpty();
        assertThat(published(a, b, changed, changed, gone, c))
                .as("answered, not logged")
                .hasSize(1);
        assertThat(published(a, b, gone, c)).as("logged, not answered").hasSize(1);
        assertThat(published(a, changed, b, gone, c)).as("another order").hasSize(1);
        assertThat(published(a, b, changed, gone)).as("nobody's article").hasSize(1);
    }

    private static List<String> published(Told.Change... changes) {
        return ORACLE.unpublished(List.of(new Told("p", List.of(changes))));
    }

    private static Told.Change told(String type, String article) {
        return new Told.Change(type, article);
    }

    private static List<String> heard(Feed feed, Heard... heard) {
        return ORACLE.unheard(new Account("r", feed, "e1", 0, List.of(heard)));
    }

    private static Heard change(long seq, String type, String article) {
        return change("e1", seq, type, article);
    }

    private static Heard change(String epoch, long seq, String type, String article) {
        return new Heard.Change(new Position(epoch, seq), type, article);
    }

    private static Heard reset(String epoch, long seq, String reason) {
        return new Heard.Reset(new Position(epoch, seq), reason);
    }
}
