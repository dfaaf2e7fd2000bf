package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The statement that writes articles and their events, and the checks of the tables that it relies on. */
class WriteStatementTests {

    private static final String IMAGE = "0123456789abcdef0123456789abcdef.png";

    private static Freshet first;
    private static Freshet second;
    private static Api ann;
    private static Api bob;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        var settings = Map.of("freshet.samples", "false");
        first = Freshet.start(database, "", settings);
        second = Freshet.start(database, "", settings);
        ann = Api.of(first, "ann");
        bob = Api.of(second, "bob");
        ann.post(article("warm-up", ""));
        bob.post(article("warm-up", ""));
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @Test
    void staleChangeWritesNothingOfItsGroup() {
        var stored = stored(ann.path(article("Old", "")));
        var writer = first.bean(ArticleWriter.class);
        var change = ArticleChange.move(stored, Status.WITHDRAWN, null, Articles.now());
        Freshet.get(writer.write(List.of(change)));
        var log = Api.count(first, "feed_log");
        var creation = ArticleChange.create(
                ann.account(),
                null,
                stored.article().content(),
                stored.article().publication());
        assertThatThrownBy(() -> writer.write(List.of(creation, change)).block(TIMEOUT))
                .isInstanceOf(ConcurrencyFailureException.class);
        assertThat(Api.count(
                        first,
                        "article where id = '" + creation.after().article().id() + "'"))
                .isZero();
        assertThat(Api.count(first, "feed_log")).isEqualTo(log);
        assertThat(Api.count(first, "feed_clock where seq = " + log)).isEqualTo(1);
    }

    @Test
    void concurrentChangesOfOneArticleAllSucceed() {
        var path = ann.path(article("Busy", ""));
        var codes = Flux.range(0, 12)
                .flatMap(
                        i -> Mono.fromCallable(() -> ann.patch(path, "*", "{\"tags\": [\"t" + i + "\"]}"))
                                .subscribeOn(Schedulers.boundedElastic()),
                        12)
                .map(Freshet.Reply::code)
                .collectList()
                .block(TIMEOUT);
        assertThat(codes).hasSize(12).containsOnly(200);
        assertThat(stored(path).article().version()).isEqualTo(13);
        assertThat(ann.events(path).split(" ")).hasSize(13);
    }

    @Test
    void newNamesAreAddedOnceByConcurrentInstances() {
        var codes = Flux.range(0, 60)
                .flatMap(
                        i -> (i % 2 == 0 ? ann : bob)
                                .posting(article(
                                        "Named",
                                        ", \"author\": \"author-" + i / 10 + "\", \"source\": \"source-" + (5 - i / 10)
                                                + "\"")),
                        16)
                .map(Freshet.Reply::code)
                .collectList()
                .block(TIMEOUT);
        assertThat(codes).hasSize(60).containsOnly(201);
        assertThat(Api.count(first, "author where name like 'author-_'")).isEqualTo(6);
        assertThat(Api.count(first, "source where name like 'source-_'")).isEqualTo(6);
    }

    @Test
    void nameOfAnotherInstanceHasItsFirstSpelling() {
        assertThat(ann.post(article(
                                "First", ", \"author\": \"Nina\", \"source\": \"Nina.example\", \"tags\": [\"Nina\"]"))
                        .code())
                .isEqualTo(201);
        var other = ", \"author\": \"NINA\", \"source\": \"NINA.EXAMPLE\", \"tags\": [\"NINA\"]";
        var replies = Flux.range(0, 12)
                .flatMap(i -> bob.posting(article("Second", i % 3 == 0 ? other : "")), 12)
                .collectList()
                .block(TIMEOUT);
        assertThat(replies).hasSize(12).extracting(Freshet.Reply::code).containsOnly(201);
        var ofNina = "feed_log where cast(article as json) ->> 'author' = 'Nina'"
                + " and cast(article as json) ->> 'source' = 'Nina.example' and article like '%[\"Nina\"]%'";
        assertThat(Api.count(first, ofNina)).isEqualTo(5);
        assertThat(Api.count(first, "article where tags = '{Nina}'")).isEqualTo(5);
        assertThat(Api.count(first, "author where name in ('Nina', 'NINA')")).isOne();
    }

    @Test
    void waitForAnImageDoesNotHoldTheClock() {
        execute("insert into image (name, owner) values ('" + IMAGE + "', '" + ann.account() + "')");
        var other = ann.path(article("Other", ""));
        var held = Sinks.<Boolean>one();
        var release = Sinks.<Boolean>one();
        var holder = first.bean(TransactionalOperator.class)
                .transactional(first.bean(DatabaseClient.class)
                        .sql("select name from image where name = '" + IMAGE + "' for update")
                        .fetch()
                        .all()
                        .doOnNext(row -> held.tryEmitValue(true))
                        .then(release.asMono()));
        var waiting = held.asMono().flatMap(locked -> bob.posting("""
                {"title": "Shows", "body": "![a](/images/NAME)", "status": "published"}""".replace("NAME", IMAGE)));
        var both = Mono.zip(holder, waiting).toFuture();
        until(() ->
                Api.count(first, "pg_stat_activity where wait_event_type = 'Lock' and query like 'with item%'") == 1);
        assertThat(ann.patch(other, "*", "{\"title\": \"Changed\"}").code()).isEqualTo(200);
        release.tryEmitValue(true);
        assertThat(Freshet.get(Mono.fromFuture(both)).getT2().code()).isEqualTo(201);
        assertThat(Api.count(first, "article_image where name = '" + IMAGE + "'"))
                .isEqualTo(1);
    }

    @Test
    void rowsThatArticlesReferToAreChecked() {
        ann.post(article("Refers", ", \"author\": \"kept\", \"source\": \"kept\""));
        assertRefused("delete from author where name = 'kept'");
        assertRefused("delete from source where name = 'kept'");
        assertRefused("delete from account where id = '" + ann.account() + "'");
        assertRefused("update article set author_id = -1 where title = 'Refers'");
        assertRefused("update article set owner = '" + UUID.randomUUID() + "' where title = 'Refers'");
        execute("insert into author (name) values ('unused')");
        execute("delete from author where name = 'unused'");
    }

    @Test
    void tagsFollowTheirArticles() {
        var path = ann.path(article("Tagged", ", \"tags\": [\"one\", \"two\"]"));
        var tags = "article_tag where article_id = '" + id(path) + "'";
        assertThat(Api.count(first, tags)).isEqualTo(2);
        ann.patch(path, "*", "{\"tags\": [\"two\", \"three\", \"four\"]}");
        assertThat(Api.count(first, tags + " and tag in ('two', 'three', 'four')"))
                .isEqualTo(Api.count(first, tags))
                .isEqualTo(3);
        execute("delete from article where id = '" + id(path) + "'");
        assertThat(Api.count(first, tags)).isZero();
    }

    private static void assertRefused(String sql) {
        assertThatThrownBy(() -> execute(sql)).isInstanceOf(DataIntegrityViolationException.class);
    }

    private static void execute(String sql) {
        first.bean(DatabaseClient.class).sql(sql).then().block(TIMEOUT);
    }

    private static StoredArticle stored(String path) {
        return Freshet.get(first.bean(ArticleStore.class).find(id(path)));
    }

    private static UUID id(String path) {
        return UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
    }

    private static String article(String title, String more) {
        return "{\"title\": \"" + title + "\", \"body\": \"B\", \"status\": \"published\"" + more + "}";
    }
}
