package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.Article;
import dev.freshet.feed.Feed;
import dev.freshet.feed.Languages;
import dev.freshet.feed.NameSet;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.search.ArticleLanguages;
import dev.freshet.search.SearchQuery;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

class FeedPagesTests {

    private static Freshet instance;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        var owner = Objects.requireNonNull(
                instance.bean(FirstAccount.class).ensure().block(TIMEOUT));
        var client = instance.bean(DatabaseClient.class);
        client.sql("insert into author (name) values ('Ann')")
                .then()
                .then(client.sql("insert into source (name) values ('here')").then())
                // Number 1 is the oldest. It and number 900 contain the word twice.
                .then(client.sql(
                                "insert into article (id, slug, title, summary, body, html, tags, author_id, source_id,"
                                        + " language, status, owner, published_at, updated_at, version, search)"
                                        + " select gen_random_uuid(), 's', 'Number ' || n, '',"
                                        + " case when n in (1, 900) then 'gauge and gauge' else 'gauge' end, '', '{water}', a.id, s.id,"
                                        + " 'en', 'published', cast(:owner as uuid), now() - interval '1002 day' + n * interval '1 day',"
                                        + " now(), 1, cast(case when n in (1, 900) then '''gauge'':1,3' else '''gauge'':1' end as tsvector)"
                                        + " from author a, source s, generate_series(1, 1001) n")
                        .bind("owner", owner.id().toString())
                        .then())
                .block(TIMEOUT);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, -", "water, -, -", "-, Ann, -", "-, -, here", "water, Ann, here"})
    void searchRanksTheNewestMatches(String tag, String author, String source) {
        var articles = all(new Feed(tag, author, source, "gauge"));
        assertThat(articles)
                .hasSize(PageStatement.MAX_RANKED)
                .first()
                .extracting(article -> article.content().title())
                .isEqualTo("Number 900");
        assertThat(articles.get(1).content().title()).isEqualTo("Number 1001");
        assertThat(articles).noneMatch(article -> article.content().title().equals("Number 1"));
        assertThat(new HashSet<>(articles)).hasSize(PageStatement.MAX_RANKED);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, -", "water, Ann, here"})
    void otherFeedsHaveAllInOrder(String tag, String author, String source) {
        assertThat(all(new Feed(tag, author, source, null)))
                .hasSize(1001)
                .isSortedAccordingTo((one, other) -> Objects.requireNonNull(
                                other.publication().publishedAt())
                        .compareTo(Objects.requireNonNull(one.publication().publishedAt())));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, -", "water, -, -", "water, Ann, here"})
    void searchFindsTheSameByEachPlan(String tag, String author, String source) {
        var feed = new Feed(tag, author, source, "gauge");
        assertThat(ids(feed, SearchPlan.BY_TIME))
                .hasSize(PageStatement.MAX_RANKED)
                .isEqualTo(ids(feed, SearchPlan.BY_WORD))
                .isEqualTo(ids(feed, days(1002)));
    }

    @Test
    void searchByWordReadsTheIndexOfWords() {
        var statement = statement(new Feed(null, null, null, "gauge"), SearchPlan.BY_WORD);
        // The word of all articles: PostgreSQL would read them from the first to the last.
        var client = instance.bean(DatabaseClient.class);
        Freshet.get(client.sql("analyze article").then().thenReturn(true));
        assumeManyArticles(client);
        assertThat(Freshet.get(client.sql("explain " + statement.sql(21, false, false))
                        .bindValues(statement.values())
                        .mapValue(String.class)
                        .all()
                        .collectList()))
                .anyMatch(line -> line.contains("article_by_search"))
                .noneMatch(line -> line.contains("Seq Scan on article"));
    }

    @Test
    void searchFindsTheFirstArticleOfALanguage() {
        var pages = instance.bean(FeedPages.class);
        var search = new Feed(null, null, null, "evler");
        assertThat(Freshet.get(pages.read(search, null, 10, false, true)).items())
                .isEmpty();
        assertThat(SearchQuery.parse("evler").query(ArticleLanguages.of(List.of("en"))))
                .doesNotContain("tr~");
        var client = instance.bean(DatabaseClient.class);
        Freshet.get(client.sql(
                        "insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language,"
                                + " status, owner, published_at, updated_at, version, search)"
                                + " select gen_random_uuid(), slug, 'Ev', '', '', '', '{}', author_id, source_id, 'tr-TR',"
                                + " status, owner, published_at, updated_at, version, '''tr~ev'':1'"
                                + " from article limit 1")
                .fetch()
                .rowsUpdated());
        try {
            assertThat(Freshet.get(pages.read(search, null, 10, false, true)).items())
                    .hasSize(1);
        } finally {
            Freshet.get(
                    client.sql("delete from article where title = 'Ev'").fetch().rowsUpdated());
        }
    }

    @Test
    void languagesOfArticlesAreListedOnce() {
        assertThat(Freshet.get(instance.bean(DatabaseClient.class)
                        .sql("select article_languages()")
                        .mapValue(String[].class)
                        .one()))
                .containsExactly("en");
    }

    private static SearchPlan days(int days) {
        var now = Instant.now();
        return SearchPlan.since(now.minus(Duration.ofDays(days)), now);
    }

    @Test
    void searchReadsAllMatchesIfAPeriodHasTooFew() {
        var frequencies = Mockito.mock(WordFrequencies.class);
        var now = Instant.now();
        Mockito.when(frequencies.planWithPeriods(Mockito.any(), Mockito.anyInt()))
                .thenReturn(Mono.just(SearchPlan.since(now.minusSeconds(1), now)));
        Mockito.when(frequencies.wider(Mockito.any(), Mockito.anyLong(), Mockito.anyInt()))
                .thenReturn(Mono.just(SearchPlan.since(now.minusSeconds(4000), now)))
                .thenReturn(Mono.just(SearchPlan.BY_WORD));
        var pages = new FeedPages(instance.bean("pageReads", ConnectionFactory.class), frequencies);
        assertThat(Freshet.get(pages.read(new Feed(null, null, null, "gauge"), null, 100, false, true))
                        .items())
                .hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 59, 60, 61, 24 * 60, 1000 * 60, 10 * 365 * 24 * 60})
    void periodsHaveAllTimesSinceATime(long minutes) {
        var now = Instant.now();
        var since = now.minus(Duration.ofMinutes(minutes));
        for (var time : List.of(since, since.plusSeconds(1), since.plusSeconds(30 * minutes), now)) {
            var isIn = instance.bean(DatabaseClient.class)
                    .sql("select article_periods(:time) && :periods")
                    .bind("time", time)
                    .bind("periods", SearchPlan.since(since, now).periods().toArray(Long[]::new))
                    .mapValue(Boolean.class)
                    .one();
            assertThat(Freshet.get(isIn)).as("%s of %s", time, since).isTrue();
        }
    }

    @Test
    void planDependsOnTheFrequencyOfWords() {
        var client = instance.bean(DatabaseClient.class);
        Freshet.get(client.sql("analyze article").then().thenReturn(true));
        var frequencies = new WordFrequencies(instance.bean("pageReads", ConnectionFactory.class));
        for (var q : List.of("gauge", "gau*", "gauge or heron", "gauge -heron")) {
            assertThat(Freshet.get(frequencies.plan(SearchQuery.parse(q), 100)))
                    .as(q)
                    .isEqualTo(SearchPlan.BY_TIME);
        }
        for (var q : List.of("heron", "gauge heron", "\"gauge heron\"", "her*")) {
            assertThat(Freshet.get(frequencies.plan(SearchQuery.parse(q), 100)))
                    .as(q)
                    .isEqualTo(SearchPlan.BY_WORD);
        }
        assumeManyArticles(client);
        var ofMany = new WordFrequencies(instance.bean("pageReads", ConnectionFactory.class));
        assertThat(Freshet.get(ofMany.planWithPeriods(SearchQuery.parse("gauge"), 100)))
                .isEqualTo(SearchPlan.BY_TIME);
        assertThat(Freshet.get(ofMany.planWithPeriods(SearchQuery.parse("gauge"), 100_000))
                        .way())
                .isEqualTo(SearchPlan.Way.BY_PERIOD);
        // Without statistics, the word may be as frequent as the rarest word with them.
        var narrow = Freshet.get(ofMany.planWithPeriods(SearchQuery.parse("heron"), 100_000));
        assertThat(narrow.way()).isEqualTo(SearchPlan.Way.BY_PERIOD);
        var wide = Freshet.get(ofMany.wider(narrow, 50_000, 100_000));
        assertThat(wide.way()).isEqualTo(SearchPlan.Way.BY_PERIOD);
        assertThat(wide.since()).isBefore(narrow.since());
        // All matches are few.
        assertThat(Freshet.get(ofMany.wider(narrow, 90, 100))).isEqualTo(SearchPlan.BY_WORD);
    }

    /** Makes PostgreSQL plan as for a million articles. */
    private static void assumeManyArticles(DatabaseClient client) {
        var sql = "update pg_class set reltuples = :articles where oid = 'article'::regclass";
        Freshet.get(client.sql(sql).bind("articles", 1e6f).then().thenReturn(true));
    }

    private static PageStatement statement(Feed feed, SearchPlan plan) {
        return new PageStatement(
                feed, plan, PageWindow.after(null, 1001), FollowedArticles.OF_NAMES, true, ArticleLanguages.ALL);
    }

    private static List<String> ids(Feed feed, SearchPlan plan) {
        var statement = statement(feed, plan);
        return Freshet.get(instance.bean(DatabaseClient.class)
                .sql(statement.sql(1001, false, false))
                .bindValues(statement.values())
                .map(row -> String.valueOf(row.get("id", UUID.class)))
                .all()
                .collectList());
    }

    static Stream<Feed> feeds() {
        return Stream.of(
                Feed.ALL,
                new Feed("water", null, null, null),
                new Feed("water", "Ann", "here", null),
                new Feed(List.of("water", "fire"), List.of(), List.of(), null, null, NameSet.NONE, Languages.ALL),
                new Feed(List.of(), List.of("Ann", "Bob"), List.of("here"), null, null, NameSet.NONE, Languages.ALL),
                new Feed("water", null, null, "gauge"),
                new Feed(null, null, null, "gauge"));
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void pagesFromTheEndEqualThoseFromTheStart(Feed feed) {
        var found = new ArrayDeque<UUID>();
        PageKey before = null;
        PageSlice slice;
        do {
            slice = slice(feed, new PageWindow(null, before, 150, true));
            assertThat(slice.hasNext()).isEqualTo(before != null);
            slice.page().items().reversed().stream().map(Article::id).forEach(found::addFirst);
            before = slice.page().keys().getFirst();
        } while (slice.hasPrevious());

        assertThat(found)
                .containsExactlyElementsOf(all(feed).stream().map(Article::id).toList());
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void windowHasTheArticlesBetweenItsKeys(Feed feed) {
        var page = slice(feed, PageWindow.after(null, 10)).page();
        var after = page.keys().get(1);
        var before = page.keys().get(8);
        var ids = page.items().stream().map(Article::id).toList();

        assertThat(ids(slice(feed, new PageWindow(after, before, 10, false)))).isEqualTo(ids.subList(2, 8));
        assertThat(ids(slice(feed, new PageWindow(after, before, 3, false)))).isEqualTo(ids.subList(2, 5));
        assertThat(ids(slice(feed, new PageWindow(after, before, 3, true)))).isEqualTo(ids.subList(5, 8));
    }

    @Test
    void surroundingsAreThoseOfTheFeedNow() {
        var feed = new Feed("water", null, null, null);
        var all = all(feed);
        var newest = PageKey.after(all.getFirst(), 0);
        var oldest = PageKey.after(all.getLast(), 0);
        // Keys beyond the first and the last article, as those of articles that were withdrawn.
        var beyondNewest = new PageKey(newest.publishedAt().plusSeconds(1), UUID.randomUUID(), 0);
        var beyondOldest = new PageKey(oldest.publishedAt().minusSeconds(1), UUID.randomUUID(), 0);

        assertThat(slice(feed, PageWindow.after(newest, 5)).hasPrevious()).isTrue();
        assertThat(slice(feed, PageWindow.after(beyondNewest, 5)).hasPrevious()).isFalse();
        assertThat(slice(feed, new PageWindow(null, oldest, 5, true)).hasNext()).isTrue();
        assertThat(slice(feed, new PageWindow(null, beyondOldest, 5, true)).hasNext())
                .isFalse();
        var empty = slice(feed, PageWindow.after(oldest, 5));
        assertThat(empty.page().items()).isEmpty();
        assertThat(empty.hasPrevious()).isTrue();
        assertThat(empty.hasNext()).isFalse();
    }

    private static PageSlice slice(Feed feed, PageWindow window) {
        return Freshet.get(instance.bean(FeedPages.class).read(feed, window, false, true));
    }

    private static List<UUID> ids(PageSlice slice) {
        return slice.page().items().stream().map(Article::id).toList();
    }

    private static List<Article> all(Feed feed) {
        var pages = instance.bean(FeedPages.class);
        var all = new ArrayList<Article>();
        PageKey next = null;
        do {
            var page = Objects.requireNonNull(
                    pages.read(feed, next, 150, false, true).block(TIMEOUT));
            all.addAll(page.items());
            next = page.next();
        } while (next != null);
        return all;
    }
}
