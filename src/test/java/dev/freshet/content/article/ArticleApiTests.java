package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ArticleApiTests {

    private static final String DRAFT = "{\"title\": \"Hello World\", \"body\": \"It *works*.\"}";
    private static final String PUBLISHED =
            "{\"title\": \"Hello World\", \"body\": \"It *works*.\", \"tags\": [\" News \", \"news\"], \"status\": \"published\"}";

    private static final Map<String, String> NO_SCHEDULE =
            Map.of("freshet.samples", "false", "freshet.schedule.interval", "1h");
    private static final List<Freshet> instances = new ArrayList<>();
    private static Freshet instance;
    private static Api api;
    private static Api other;

    @BeforeAll
    static void start() {
        instance = start(Stores.database(), NO_SCHEDULE);
        api = Api.of(instance, "ann");
        other = Api.of(instance, "bob");
    }

    @AfterAll
    static void stop() {
        instances.forEach(Freshet::close);
    }

    /** Instances of one JVM share its event loops, which the first to close stops. So all close at the end. */
    private static Freshet start(String database, Map<String, String> settings) {
        var started = Freshet.start(database, "", settings);
        instances.add(started);
        return started;
    }

    @ParameterizedTest
    @CsvSource({"atom", "rss", "json-feed"})
    void relativeLinksCountFromTheAddressHere(String format) {
        var article = api.post("{\"title\": \"Links\", \"canonicalUrl\": \"https://other.example/" + format
                + "/\", \"body\": \"[a](more) ![i](/i.png)\", \"tags\": [\"links-" + format
                + "\"], \"status\": \"published\"}");
        assertThat(article.text("html")).contains("<a href=\"more\"", "<img src=\"/i.png\"");

        var feed = api.read("/api/v1/articles?fields=full&format=" + format + "&tag=links-" + format)
                .body();
        assertThat(feed)
                .contains(instance.url() + "/articles/" + article.text("id") + "/more", instance.url() + "/i.png")
                .doesNotContain("other.example/" + format + "/more");
    }

    @Test
    void draftIsCompletedWithDefaults() {
        var reply = api.post(DRAFT);
        assertThat(reply.code()).isEqualTo(201);
        assertThat(reply.etag()).isEqualTo("\"1\"");
        assertThat(reply.headers().getLocation()).hasToString("/api/v1/articles/" + reply.text("id"));
        var json = reply.json();
        assertThat(json.path("slug").asString()).isEqualTo("hello-world");
        assertThat(json.path("summary").asString()).isEqualTo("It works.");
        assertThat(json.path("html").asString()).isEqualTo("<p>It <em>works</em>.</p>");
        assertThat(json.path("author").asString()).isEqualTo("ann");
        assertThat(json.path("source").asString()).isEqualTo("freshet");
        assertThat(json.path("language").asString()).isEqualTo("en");
        assertThat(json.path("status").asString()).isEqualTo("draft");
        assertThat(json.has("publishedAt")).isFalse();
    }

    @Test
    void draftIsSeenByItsOwnerAlone() {
        var path = api.path(DRAFT);
        assertThat(api.read(path).code()).isEqualTo(200);
        assertThat(other.read(path).code()).isEqualTo(404);
        assertThat(instance.get(path).code()).isEqualTo(404);
        assertThat(other.put(path, "*", DRAFT).code()).isEqualTo(404);
        assertThat(api.events(path)).isEmpty();
    }

    @Test
    void editorChangesAnyArticleAndKeepsItsAuthor() {
        var editor = Api.of(instance, "eve", Role.EDITOR);
        var draft = api.path(DRAFT);
        assertThat(editor.read(draft).code()).isEqualTo(200);
        var replaced = editor.put(draft, "\"1\"", DRAFT.replace("Hello", "Hello again"));
        assertThat(replaced.code()).isEqualTo(200);
        assertThat(replaced.text("author")).isEqualTo("ann");
        assertThat(editor.publish(draft, "*").code()).isEqualTo(200);
        assertThat(other.patch(draft, "*", "{\"title\": \"Mine\"}").code()).isEqualTo(403);
        assertThat(api.patch(draft, "*", "{\"title\": \"Mine\"}").code()).isEqualTo(200);
        assertThat(editor.delete(draft, "*").code()).isEqualTo(204);
    }

    @Test
    void searchEnginesFollowLinksThatAnEditorWrote() {
        var editor = Api.of(instance, "edith", Role.EDITOR);
        var link = "{\"title\": \"Link\", \"body\": \"https://e.example/\"}";
        assertThat(api.post(link).text("html")).contains("rel=\"nofollow noopener\"");
        assertThat(editor.post(link).text("html")).contains("rel=\"noopener\"");
        var path = api.path(link);
        assertThat(editor.patch(path, "*", "{\"title\": \"Approved\"}").text("html"))
                .contains("rel=\"noopener\"");
        assertThat(api.patch(path, "*", "{\"body\": \"https://f.example/\"}").text("html"))
                .contains("rel=\"nofollow noopener\"");
    }

    @Test
    void eachChangeOfAnArticleIsAnEvent() {
        var path = api.path(DRAFT);
        assertThat(api.publish(path, "\"1\"").text("status")).isEqualTo("published");
        var again = api.publish(path, "\"2\"");
        assertThat(again.code()).isEqualTo(200);
        assertThat(again.etag()).isEqualTo("\"2\"");
        assertThat(api.patch(path, "\"2\"", "{\"title\": \"Changed\"}").etag()).isEqualTo("\"3\"");
        assertThat(instance.get(path).text("title")).isEqualTo("Changed");
        assertThat(api.delete(path, "\"3\"").code()).isEqualTo(204);
        assertThat(api.events(path)).isEqualTo("published updated withdrawn");
        assertThat(instance.get(path).code()).isEqualTo(410);
        assertThat(api.patch(path, "*", "{\"title\": \"Back\"}").code()).isEqualTo(410);
    }

    @Test
    void eventOfAChangeHasTheFacetsBefore() {
        var path = api.path(PUBLISHED);
        api.patch(path, "*", "{\"tags\": [\"other\"], \"author\": \"Zoe\"}");
        var before = Freshet.get(instance.bean(DatabaseClient.class)
                .sql("select tags[1] || was_tags[1] || author || was_author || (was_search is not null) || article"
                        + " from feed_log where article_id = '" + path.substring(path.lastIndexOf('/') + 1)
                        + "' and type = 'article.updated'")
                .mapValue(String.class)
                .one());
        assertThat(before).startsWith("othernewszoeanntrue{").doesNotContain("\"html\"");
    }

    @Test
    void unpublishedDraftIsWithdrawnWithoutAnEvent() {
        var path = api.path(DRAFT);
        assertThat(api.delete(path, "\"1\"").code()).isEqualTo(204);
        assertThat(api.read(path).code()).isEqualTo(410);
        assertThat(other.read(path).code()).isEqualTo(404);
        assertThat(api.events(path)).isEmpty();
    }

    @Test
    void emptyChangeKeepsTheVersion() {
        var path = api.path(PUBLISHED);
        var put = api.put(path, "\"1\"", PUBLISHED);
        assertThat(put.code()).isEqualTo(200);
        assertThat(put.etag()).isEqualTo("\"1\"");
        assertThat(api.patch(path, "\"1\"", "{}").etag()).isEqualTo("\"1\"");
        assertThat(api.events(path)).isEqualTo("published");
    }

    @Test
    void putReplacesAndPatchMerges() {
        var path = api.path("{\"title\": \"T\", \"body\": \"one\", \"summary\": \"mine\", \"tags\": [\"a\"]}");
        var patched =
                api.patch(path, "*", "{\"body\": \"two\", \"tags\": null}").json();
        assertThat(patched.path("summary").asString()).isEqualTo("mine");
        assertThat(patched.path("tags").size()).isZero();
        var put = api.put(path, "*", "{\"title\": \"U\", \"body\": \"three\"}").json();
        assertThat(put.path("summary").asString()).isEqualTo("three");
        assertThat(put.path("slug").asString()).isEqualTo("t");
        assertThat(api.patch(path, "*", "{\"body\": \"four\"}").text("summary")).isEqualTo("four");
    }

    @Test
    void anothersPublishedArticleCannotBeChanged() {
        var path = api.path(PUBLISHED);
        assertThat(other.patch(path, "*", "{\"title\": \"Mine\"}").code()).isEqualTo(403);
        assertThat(other.delete(path, "\"1\"").code()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"1\"'|200",
                "'\"7\", \"1\"'|200",
                "'*'|200",
                "'\"2\"'|412",
                "'W/\"1\"'|412",
                "'W/\"1\", \"1\"'|200",
                "'1'|400"
            })
    void ifMatchFollowsRfc9110(String ifMatch, int expected) {
        var path = api.path(DRAFT);
        assertThat(api.patch(path, ifMatch, "{\"title\": \"New\"}").code()).isEqualTo(expected);
    }

    @Test
    void changeWithoutAVersionIsRefused() {
        var path = api.path(DRAFT);
        assertThat(api.exchange(HttpMethod.PUT, path, DRAFT, "application/json").code())
                .isEqualTo(428);
        assertThat(api.exchange(HttpMethod.PATCH, path, "{}", "application/merge-patch+json")
                        .code())
                .isEqualTo(428);
        assertThat(api.exchange(HttpMethod.DELETE, path, null, null).code()).isEqualTo(428);
        assertThat(api.exchange(HttpMethod.POST, path + "/publish", null, null).code())
                .isEqualTo(428);
    }

    @Test
    void readOfAKnownVersionHasNoContent() {
        var path = api.path(PUBLISHED);
        var known = api.read(path, "If-None-Match", "\"1\"");
        assertThat(known.code()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(api.read(path, "If-None-Match", "\"0\"").code()).isEqualTo(200);
    }

    @Test
    void canonicalUrlBelongsToOneArticle() {
        var first = "{\"title\": \"T\", \"canonicalUrl\": \"https://example.org/a?b=c\"}";
        assertThat(api.post(first).text("source")).isEqualTo("example.org");
        var second = api.post(first);
        assertThat(second.code()).isEqualTo(409);
        assertThat(second.text("type")).isEqualTo("/problems/article-exists");
        var path = api.path(DRAFT);
        assertThat(api.patch(path, "*", "{\"canonicalUrl\": \"https://example.org/a?b=c\"}")
                        .code())
                .isEqualTo(409);
    }

    @Test
    void statusFollowsItsRules() {
        var future = Instant.now().plus(Duration.ofDays(1)).toString();
        assertThat(api.post("{\"title\": \"T\", \"status\": \"scheduled\"}").code())
                .isEqualTo(400);
        assertThat(api.post("{\"title\": \"T\", \"status\": \"withdrawn\"}").code())
                .isEqualTo(400);
        assertThat(api.post("{\"title\": \"T\", \"status\": \"published\", \"publishedAt\": \"" + future + "\"}")
                        .code())
                .isEqualTo(400);
        var path = api.path("{\"title\": \"T\", \"status\": \"scheduled\", \"publishedAt\": \"" + future + "\"}");
        assertThat(other.read(path).code()).isEqualTo(404);
        assertThat(api.patch(path, "*", "{\"status\": \"published\"}").text("status"))
                .isEqualTo("published");
        assertThat(api.patch(path, "*", "{\"status\": \"draft\"}").code()).isEqualTo(409);
        assertThat(api.events(path)).isEqualTo("published");
    }

    @Test
    void concurrentRequestsWithOneKeyCreateOneArticle() {
        var replies = Objects.requireNonNull(Flux.range(0, 8)
                .flatMap(i -> api.posting(PUBLISHED, "Idempotency-Key", "at-once"), 8)
                .collectList()
                .block(TIMEOUT));
        assertThat(replies).extracting(Freshet.Reply::code).containsOnly(201);
        assertThat(replies)
                .extracting(Freshet.Reply::body)
                .hasSize(8)
                .containsOnly(replies.getFirst().body());
        assertThat(replies)
                .extracting(reply -> reply.headers().getLocation())
                .containsOnly(replies.getFirst().headers().getLocation());
        assertThat(replies).extracting(Freshet.Reply::etag).containsOnly("\"1\"");
        var path = String.valueOf(replies.getFirst().headers().getLocation());
        assertThat(api.events(path)).isEqualTo("published");
        assertThat(Api.count(instance, "idempotency where key = 'at-once'")).isOne();
        assertThat(api.post(DRAFT, "Idempotency-Key", "at-once").code()).isEqualTo(422);
        assertThat(other.post(PUBLISHED, "Idempotency-Key", "at-once").text("id"))
                .isNotEqualTo(replies.getFirst().text("id"));
    }

    @Test
    void oldKeysAreDeleted() {
        api.post(DRAFT, "Idempotency-Key", "old");
        var client = instance.bean(DatabaseClient.class);
        Freshet.get(client.sql("update idempotency set created_at = now() - interval '2 days' where key = 'old'")
                .fetch()
                .rowsUpdated());
        instance.bean(Idempotency.class).deleteOlderThan(Duration.ofDays(1)).block(TIMEOUT);
        assertThat(Api.count(instance, "idempotency where key = 'old'")).isZero();
    }

    @Test
    void failedAppendLeavesNoArticle() {
        var client = instance.bean(DatabaseClient.class);
        Freshet.get(client.sql("alter table feed_log add constraint nothing_named_doomed check (author <> 'doomed')")
                .then()
                .thenReturn(1));
        var reply = api.post(
                "{\"title\": \"Doomed\", \"author\": \"doomed\", \"status\": \"published\"}",
                "Idempotency-Key",
                "doomed");
        assertThat(reply.code()).isEqualTo(500);
        assertThat(reply.text("reference")).isNotEmpty();
        assertThat(reply.body()).doesNotContain("feed_log");
        assertThat(Api.count(instance, "article where title = 'Doomed'")).isZero();
        assertThat(Api.count(instance, "idempotency where key = 'doomed'")).isZero();
    }

    @Test
    void dueArticlesArePublishedOnceByRacingInstances() {
        var articles = instance.bean(Articles.class);
        var second = start(url(), NO_SCHEDULE);

        var future = Instant.now().plus(Duration.ofDays(1)).toString();
        var json = "{\"title\": \"Due\", \"author\": \"due\", \"status\": \"scheduled\", \"publishedAt\": \"" + future
                + "\"}";
        Flux.range(0, 250).flatMap(i -> api.posting(json), 8).then().block(TIMEOUT);
        Freshet.get(instance.bean(DatabaseClient.class)
                .sql("update article set published_at = now() - interval '1 second' where title = 'Due'")
                .fetch()
                .rowsUpdated());
        Flux.merge(
                        articles.publishDue(),
                        second.bean(Articles.class).publishDue(),
                        Mono.defer(articles::publishDue),
                        Mono.defer(second.bean(Articles.class)::publishDue))
                .then()
                .block(TIMEOUT);
        assertThat(Api.count(instance, "article where title = 'Due' and status = 'published' and version = 2"))
                .isEqualTo(250);
        assertThat(Api.count(instance, "feed_log where author = 'due'")).isEqualTo(250);
        assertThat(Api.count(instance, "(select distinct article_id from feed_log where author = 'due')"))
                .isEqualTo(250);
    }

    @Test
    void scheduledArticleIsPublishedWhenDue() {
        var quick = start(url(), Map.of("freshet.samples", "false"));

        var mine = Api.of(quick, "quick");
        var path = scheduleSoon(mine);
        until(() -> mine.events(path).equals("published"));
        assertThat(mine.read(path).text("status")).isEqualTo("published");
    }

    /** Schedules an article, further ahead if the time has passed before the request arrives. */
    private static String scheduleSoon(Api api) {
        var delay = Duration.ofMillis(700);
        while (true) {
            var time = Instant.now().plus(delay);
            var reply = api.post("{\"title\": \"Soon\", \"status\": \"scheduled\", \"publishedAt\": \"" + time + "\"}");
            if (reply.code() == 201) {
                return Objects.requireNonNull(reply.headers().getFirst("Location"));
            }
            assertThat(reply.body()).contains("publishedAt");
            delay = delay.multipliedBy(2);
            assertThat(delay).isLessThan(Freshet.TIMEOUT);
        }
    }

    private static String url() {
        return instance.bean(org.springframework.core.env.Environment.class)
                .getRequiredProperty("freshet.postgres.url");
    }
}
