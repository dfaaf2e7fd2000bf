package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** The words that an earlier version stored are replaced while the server runs. */
class SearchRewriteTests {

    /** More than two steps. */
    private static final int ARTICLES = 130;

    private static String database;
    private static Freshet instance;
    private static Api api;

    @BeforeAll
    static void publish() {
        database = Stores.database();
        instance = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        // It finds nothing to do, so that it leaves the work to the tests.
        Freshet.get(instance.bean(SearchRewrite.class).run().thenReturn(true));
        api = Api.of(instance, "ann");
        for (var i = 0; i < ARTICLES; i++) {
            api.post(article("Haus " + i));
        }
        var changed = api.path(article("Garten"));
        api.patch(changed, "*", "{\"title\": \"Wald\"}");
        api.delete(api.path(article("Geheimnis")), "*");
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    /** Stores the words as an earlier version did. */
    @BeforeEach
    void restoreOldWords() {
        execute("update article set search = to_tsvector('english', title)");
        execute("update feed_log set search = case when search is not null then to_tsvector('english', 'old') end,"
                + " was_search = case when was_search is not null then to_tsvector('english', 'old') end");
        execute("delete from search_rewrite");
    }

    @Test
    void allWordsAreReplaced() {
        assertThat(pages("Häuser")).isZero();
        execute("insert into search_rewrite default values");
        run();
        assertThat(count("search_rewrite")).isZero();
        assertThat(pages("Häuser")).isEqualTo(ARTICLES);
        assertThat(events("Häuser")).isEqualTo(ARTICLES);
        // The change of a title leaves the search for the old one, and the withdrawal leaves its search.
        assertThat(events("Gärten")).isEqualTo(2);
        assertThat(events("Wälder")).isEqualTo(1);
        assertThat(events("Geheimnisse")).isEqualTo(2);
        assertThat(count("feed_log where search @@ 'old' or was_search @@ 'old'"))
                .isZero();
    }

    @Test
    void runContinuesAfterTheLastStep() {
        execute("insert into search_rewrite (article) select id from article where title = 'Haus 40'");
        run();
        assertThat(pages("Häuser")).isEqualTo(40);
        assertThat(count("search_rewrite")).isZero();
    }

    @Test
    void runContinuesWithinTheLog() {
        execute("insert into search_rewrite (in_log, seq) values (true, 11)");
        run();
        assertThat(pages("Häuser")).isZero();
        assertThat(events("Häuser")).isEqualTo(10);
    }

    @Test
    void instanceReportsProgress_whileAnotherOneTakesAStep() throws SQLException {
        execute("insert into search_rewrite (rewritten) values (7)");
        var address = URI.create(database);
        var user = address.getUserInfo().split(":", 2);
        var jdbc = "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath();
        try (var other = DriverManager.getConnection(jdbc, user[0], user[1]);
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select * from search_rewrite for update");
            assertThat(info(run())).isEqualTo("{searchRewrite={phase=articles, rewritten=7}}");
            // A connection that is only closed keeps its lock until the server notices.
            other.rollback();
        }
        assertThat(info(run())).isEqualTo("{}");
    }

    private static String info(SearchRewrite rewrite) {
        var info = new Info.Builder();
        rewrite.contribute(info);
        return new TreeMap<>(info.build().getDetails()).toString();
    }

    private static SearchRewrite run() {
        var rewrite = new SearchRewrite(
                instance.bean(DatabaseClient.class),
                instance.bean(TransactionalOperator.class),
                Schedulers.boundedElastic(),
                instance.bean(JsonMapper.class));
        Freshet.get(rewrite.run().thenReturn(true));
        return rewrite;
    }

    private static int pages(String q) {
        return instance.get("/api/v1/articles?limit=200&q=" + encode(q))
                .json()
                .path("items")
                .size();
    }

    private static long events(String q) {
        return instance.get("/api/v1/articles?format=ndjson&follow=false&since=earliest&q=" + encode(q))
                .body()
                .lines()
                .filter(line -> !line.isBlank())
                .count();
    }

    /** Encodes a search, made different from all others so that nothing is cached for it. */
    private static String encode(String q) {
        return URLEncoder.encode(q + " -" + UUID.randomUUID(), StandardCharsets.UTF_8);
    }

    private static String article(String title) {
        return "{\"title\": \"%s\", \"body\": \"x\", \"language\": \"de\", \"status\": \"published\"}".formatted(title);
    }

    private static void execute(String sql) {
        Freshet.get(instance.bean(DatabaseClient.class).sql(sql).then().thenReturn(true));
    }

    private static long count(String table) {
        return Api.count(instance, table);
    }
}
