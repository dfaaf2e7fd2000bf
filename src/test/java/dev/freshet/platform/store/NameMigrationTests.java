package dev.freshet.platform.store;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import tools.jackson.databind.JsonNode;

/** Names that are the same became one when a database was updated. */
class NameMigrationTests {

    private static final UUID READER = new UUID(1, 1);

    /** Written before names had keys. The first of each is shown. */
    private static final String OLD_ROWS = """
            insert into account (id, name, created_at) values
                ('00000000-0000-0001-0000-000000000001', 'Reader', '2026-01-01Z'),
                ('00000000-0000-0001-0000-000000000002', 'READER', '2026-01-02Z'),
                ('00000000-0000-0001-0000-000000000003', 'Rеader', '2026-01-03Z');
            insert into author (name) values ('Zoë'), ('zoe\u0308'), ('ZOË'), ('Other');
            insert into source (name) values ('Example'), ('EXAMPLE');
            insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language, status,
                    owner, published_at, created_at, updated_at, version)
                select n.id::uuid, 's', n.title, '', '', '', n.tags::text[], w.id, s.id, 'en', n.status,
                    '00000000-0000-0001-0000-000000000001', n.at::timestamptz, n.at::timestamptz, n.at::timestamptz, 1
                from (values
                    ('00000000-0000-7000-8000-000000000001', 'One', '{straße,news}', 'Zoë', 'Example', 'published',
                        '2026-02-01Z'),
                    ('00000000-0000-7000-8000-000000000002', 'Two', '{strasse,straße}', 'zoe\u0308', 'EXAMPLE',
                        'published', '2026-02-02Z'),
                    ('00000000-0000-7000-8000-000000000003', 'Three', '{cafe\u0301}', 'ZOË', 'Example', 'draft',
                        '2026-02-03Z')) as n (id, title, tags, author, source, status, at)
                join author w on w.name = n.author join source s on s.name = n.source;
            insert into following (account, kind, name, since) values
                ('00000000-0000-0001-0000-000000000001', 'author', 'ZOË', '2026-03-01Z'),
                ('00000000-0000-0001-0000-000000000001', 'author', 'zoe\u0308', '2026-03-02Z'),
                ('00000000-0000-0001-0000-000000000001', 'tag', 'unheard', '2026-03-03Z');
            insert into feed_log (seq, at, type, article_id, tags, author, source, was_tags, was_author, was_source,
                    article, content) values
                (1, '2026-02-01Z', 'article.published', '00000000-0000-7000-8000-000000000001', '{straße,news}', 'Zoë',
                    'Example', null, null, null, '{"id":"00000000-0000-7000-8000-000000000001","title":"One"}', '{}'),
                (2, '2026-02-02Z', 'article.published', '00000000-0000-7000-8000-000000000002', '{strasse}',
                    'zoe\u0308', 'EXAMPLE', null, null, null,
                    '{"id":"00000000-0000-7000-8000-000000000002","title":"Two"}', '{}'),
                (3, '2026-02-03Z', 'article.updated', '00000000-0000-7000-8000-000000000002', '{strasse,straße}',
                    'zoe\u0308', 'EXAMPLE', '{strasse}', 'zoe\u0308', 'EXAMPLE',
                    '{"id":"00000000-0000-7000-8000-000000000002","title":"Two"}', '{}');
            update feed_clock set seq = 3, at = '2026-02-03Z'""";

    private static Freshet instance;
    private static String token;

    @BeforeAll
    static void update() throws SQLException {
        var database = Stores.emptyDatabase();
        Stores.migrations(database).target("14").load().migrate();
        try (var connection = Stores.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(OLD_ROWS);
        }
        instance = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        token = get(instance.bean(Tokens.class)
                .issue(READER, Set.of(Scope.values()), Duration.ofHours(1), UUID.randomUUID()));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void page_hasArticlesOfAllSpellings() {
        for (var feed : List.of("author=ZOE%CC%88", "source=example", "tag=STRASSE", "following=true")) {
            assertThat(read("/api/v1/articles?" + feed).findValuesAsString("title"))
                    .as(feed)
                    .containsExactly("Two", "One");
        }
    }

    @Test
    void article_showsTheFirstSpelling() {
        var articles = read("/api/v1/articles").path("items");

        assertThat(articles.findValuesAsString("author")).containsExactly("Zoë", "Zoë");
        assertThat(articles.findValuesAsString("source")).containsExactly("Example", "Example");
        assertThat(articles.path(0).path("tags")).hasToString("[\"straße\"]");
        assertThat(articles.path(1).path("tags")).hasToString("[\"straße\",\"news\"]");
    }

    @Test
    void stream_hasEventsOfAllSpellings() {
        for (var feed : List.of("author=zoë", "tag=straße", "source=EXAMPLE", "following=true")) {
            var events = instance.get(
                            "/api/v1/articles?format=ndjson&follow=false&since=earliest&"
                                    + feed.replace("ë", "%C3%AB").replace("ß", "%C3%9F"),
                            "Authorization",
                            "Bearer " + token)
                    .body();

            assertThat(events.lines().filter(line -> line.contains("\"article\":")))
                    .as(feed)
                    .hasSize(3);
        }
    }

    @Test
    void directory_countsArticlesOfAllSpellings() {
        var directory = read("/api/v1/feeds").path("items");

        assertThat(directory
                        .valueStream()
                        .map(feed -> feed.path("name").asString() + " "
                                + feed.path("articles").asInt()))
                .containsExactlyInAnyOrder("Zoë 2", "Example 2", "straße 2", "news 1");
    }

    @Test
    void account_followsANameOnce() {
        assertThat(read("/api/v1/following").findValuesAsString("name")).containsExactly("unheard", "Zoë");
    }

    @Test
    void oldestOfLookAlikes_hasTheSkeleton() {
        var skeletons = get(instance.bean(DatabaseClient.class)
                .sql("select coalesce(skeleton, '') from account where created_at < '2026-02-01Z' order by created_at")
                .mapValue(String.class)
                .all()
                .collectList());

        assertThat(skeletons.getFirst()).isNotEmpty();
        assertThat(skeletons.subList(1, 3)).containsOnly("");
    }

    private static JsonNode read(String path) {
        var reply = instance.get(path, "Authorization", "Bearer " + token);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }
}
