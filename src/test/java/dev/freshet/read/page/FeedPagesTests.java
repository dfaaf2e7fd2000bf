package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.Article;
import dev.freshet.feed.Feed;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.search.SearchQuery;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import io.r2dbc.spi.ConnectionFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.r2dbc.core.DatabaseClient;

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
                // Number 1 is the oldest. It and number 500 contain the word twice.
                .then(client.sql(
                                "insert into article (id, slug, title, summary, body, html, tags, author_id, source_id,"
                                        + " language, status, owner, published_at, updated_at, version, search)"
                                        + " select gen_random_uuid(), 's', 'Number ' || n, '',"
                                        + " case when n in (1, 500) then 'gauge and gauge' else 'gauge' end, '', '{water}', a.id, s.id,"
                                        + " 'en', 'published', cast(:owner as uuid), now() - interval '1 day' + n * interval '1 s',"
                                        + " now(), 1, cast(case when n in (1, 500) then '''gauge'':1,3' else '''gauge'':1' end as tsvector)"
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
    void searchRanksTheNewestThousandThatMatch(String tag, String author, String source) {
        var articles = all(new Feed(tag, author, source, "gauge"));
        assertThat(articles)
                .hasSize(1000)
                .first()
                .extracting(article -> article.content().title())
                .isEqualTo("Number 500");
        assertThat(articles.get(1).content().title()).isEqualTo("Number 1001");
        assertThat(articles).noneMatch(article -> article.content().title().equals("Number 1"));
        assertThat(new HashSet<>(articles)).hasSize(1000);
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
    void searchFindsTheSameByTimeAndByWord(String tag, String author, String source) {
        var feed = new Feed(tag, author, source, "gauge");
        assertThat(ids(feed, FeedPages.SearchPlan.BY_TIME))
                .hasSize(1000)
                .isEqualTo(ids(feed, FeedPages.SearchPlan.BY_WORD));
    }

    private static List<String> ids(Feed feed, FeedPages.SearchPlan plan) {
        var values = new HashMap<String, Object>();
        values.put("q", SearchQuery.parse("gauge").query());
        return Freshet.get(instance.bean(DatabaseClient.class)
                .sql(FeedPages.sql(feed, plan, null, 1001, false, values))
                .bindValues(values)
                .map(row -> String.valueOf(row.get("id", UUID.class)))
                .all()
                .collectList());
    }

    @Test
    void wordIsCommonByTheStatistics() {
        var client = instance.bean(DatabaseClient.class);
        Freshet.get(client.sql("analyze article").then().thenReturn(true));
        var frequencies = new WordFrequencies(instance.bean("pageReads", ConnectionFactory.class));
        for (var q : List.of("gauge", "gau*", "gauge or heron", "gauge -heron")) {
            assertThat(Freshet.get(frequencies.isCommon(SearchQuery.parse(q), 100)))
                    .as(q)
                    .isTrue();
        }
        for (var q : List.of("heron", "gauge heron", "\"gauge heron\"", "her*")) {
            assertThat(Freshet.get(frequencies.isCommon(SearchQuery.parse(q), 100)))
                    .as(q)
                    .isFalse();
        }
    }

    private static List<Article> all(Feed feed) {
        var pages = instance.bean(FeedPages.class);
        var all = new ArrayList<Article>();
        PageKey next = null;
        do {
            var page = Objects.requireNonNull(pages.read(feed, next, 150, false).block(TIMEOUT));
            all.addAll(page.items());
            next = page.next();
        } while (next != null);
        return all;
    }
}
