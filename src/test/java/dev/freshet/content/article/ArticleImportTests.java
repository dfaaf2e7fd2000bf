package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;

class ArticleImportTests {

    private static Freshet instance;
    private static Api ann;
    private static Api bob;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        ann = Api.of(instance, "ann");
        bob = Api.of(instance, "bob");
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void importingAgainChangesNothing() {
        var batch = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> imported(i, "again:" + i, "Title " + i))
                .toList();
        assertThat(kinds(importAll(ann, batch))).containsOnly("Created").hasSize(20);
        assertThat(kinds(importAll(ann, batch))).containsOnly("Unchanged").hasSize(20);
        assertThat(Api.count(instance, "feed_log join article on article_id = id where origin like 'again:%'"))
                .isEqualTo(20);
    }

    @Test
    void outcomesHaveTheOrderOfTheBatch() {
        importAll(ann, List.of(imported(1, "order:known", "Known"), imported(2, "order:changed", "Before")));
        var outcomes = importAll(
                ann,
                List.of(
                        imported(3, "order:new", "New"),
                        imported(4, "order:bad", " "),
                        imported(5, "order:known", "Known"),
                        imported(6, "order:changed", "After"),
                        imported(7, "order:new", "Newer"),
                        imported(8, "order:nul", "a\u0000b"),
                        imported(9, " ", "No origin")));
        assertThat(kinds(outcomes))
                .containsExactly("Created", "Rejected", "Unchanged", "Updated", "Updated", "Rejected", "Rejected");
        assertThat(outcomes).extracting(ImportResult::line).containsExactly(3, 4, 5, 6, 7, 8, 9);
        assertThat(reason(outcomes.get(1))).isEqualTo("title is required");
        assertThat(Api.count(instance, "article where title = 'Newer' and slug = 'new' and version = 2"))
                .isOne();
    }

    @Test
    void withdrawnArticleStays() {
        var batch = List.of(imported(1, "https://example.org/others", "Mine"));
        var created = (ImportResult.Created) importAll(ann, batch).getFirst();
        ann.delete("/api/v1/articles/" + created.id(), "*");
        assertThat(reason(importAll(ann, batch).getFirst())).startsWith("withdrawn");
        assertThat(ann.events("/api/v1/articles/" + created.id())).isEqualTo("published withdrawn");
    }

    @Test
    void originIsNotReservedForOthers() {
        var url = "https://example.org/squatted";
        assertThat(kinds(importAll(bob, List.of(imported(1, url, "Squatter"))))).containsExactly("Created");
        assertThat(kinds(importAll(ann, List.of(imported(1, url, "Owner"))))).containsExactly("Created");
        assertThat(kinds(importAll(bob, List.of(imported(1, url, "Squatter"))))).containsExactly("Unchanged");
        assertThat(Api.count(instance, "article where origin = '" + url + "'")).isEqualTo(2);
    }

    @Test
    void articleImportedByIdIsFoundByLaterUrl() {
        var url = "https://example.org/later-url";
        var created = (ImportResult.Created)
                importAll(ann, List.of(imported(1, "later:id", "Later"))).getFirst();
        var path = "/api/v1/articles/" + created.id();
        assertThat(ann.patch(path, "*", "{\"canonicalUrl\": \"" + url + "\"}").code())
                .isEqualTo(200);
        var draft =
                new ArticleDraft("Later", null, null, "Changed", null, null, null, url, null, null, null, null, null);
        assertThat(importAll(ann, List.of(new ImportedArticle(1, url, draft))).getFirst())
                .isEqualTo(new ImportResult.Updated(1, created.id()));
        assertThat(kinds(importAll(ann, List.of(imported(1, "later:id", "Again")))))
                .containsExactly("Updated");
        assertThat(Api.count(instance, "article where origin = 'later:id'")).isOne();
    }

    @Test
    void articleImportedByUrlIsFoundByLaterId() {
        var url = "https://example.org/by-url";
        var draft = new ArticleDraft("By URL", null, null, "b", null, null, null, url, null, null, null, null, null);
        var created = (ImportResult.Created)
                importAll(ann, List.of(new ImportedArticle(1, url, draft))).getFirst();

        var items = List.of(new ImportedArticle(1, "ep:1", draft), new ImportedArticle(2, "ep:2", draft));
        assertThat(importAll(ann, items).getFirst()).isEqualTo(new ImportResult.Unchanged(1, created.id()));
        assertThat(Api.count(instance, "article where canonical_url = '" + url + "'"))
                .isEqualTo(2);
        assertThat(kinds(importAll(ann, items))).containsExactly("Unchanged", "Unchanged");
    }

    @Test
    void canonicalUrlOfAnImportedArticleIsTaken() {
        var url = "https://example.org/taken-by-import";
        var draft = new ArticleDraft("Import", null, null, "b", null, null, null, url, null, null, null, null, null);
        importAll(ann, List.of(new ImportedArticle(1, "taken:id", draft)));
        var json = "{\"title\": \"Mine\", \"canonicalUrl\": \"" + url + "\"}";
        assertThat(ann.post(json).code()).isEqualTo(409);
        assertThat(ann.post(json, "Idempotency-Key", "taken").code()).isEqualTo(409);
        assertThat(Api.count(instance, "idempotency where key = 'taken'")).isZero();
        assertThat(bob.post(json).code()).isEqualTo(201);
    }

    @Test
    void accountHasACanonicalUrlOnce() {
        var url = "https://example.org/once";
        var json = "{\"title\": \"Once\", \"canonicalUrl\": \"" + url + "\"}";
        assertThat(ann.post(json).code()).isEqualTo(201);
        assertThat(ann.post(json).code()).isEqualTo(409);
        importAll(ann, List.of(imported(1, "once:id", "By id")));
        var id = Freshet.get(instance.bean(DatabaseClient.class)
                .sql("select id from article where origin = 'once:id'")
                .mapValue(UUID.class)
                .one());
        assertThat(ann.patch("/api/v1/articles/" + id, "*", "{\"canonicalUrl\": \"" + url + "\"}")
                        .code())
                .isEqualTo(409);
        // The response is the same whether another account has a draft with this URL or not.
        assertThat(bob.post(json).code()).isEqualTo(201);
    }

    @Test
    void editorTakesOverAnArticle() {
        var editor = Api.of(instance, "taking-editor", Role.EDITOR);
        var batch = List.of(imported(1, "taken:id", "Taken"));
        var created = (ImportResult.Created) importAll(ann, batch).getFirst();
        var owner = "/api/v1/articles/" + created.id() + "/owner";
        assertThat(bob.exchange(HttpMethod.PUT, owner, null, null).code()).isEqualTo(403);
        assertThat(editor.exchange(HttpMethod.PUT, owner, null, null).code()).isEqualTo(204);
        assertThat(importAll(editor, List.of(imported(1, "taken:id", "Changed")))
                        .getFirst())
                .isEqualTo(new ImportResult.Updated(1, created.id()));
        assertThat(kinds(importAll(ann, batch))).containsExactly("Created");
        var second = (ImportResult.Unchanged) importAll(ann, batch).getFirst();
        assertThat(editor.exchange(HttpMethod.PUT, "/api/v1/articles/" + second.id() + "/owner", null, null)
                        .code())
                .isEqualTo(409);
    }

    @Test
    void rowRefusedByTheDatabaseDoesNotAffectOthers() {
        Freshet.get(instance.bean(DatabaseClient.class)
                .sql("alter table article add constraint refused check (title <> 'Refused')")
                .then()
                .thenReturn(1));
        var batch = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> imported(i, "refused:" + i, i == 7 ? "Refused" : "Fine"))
                .toList();
        var outcomes = importAll(ann, batch);
        assertThat(kinds(outcomes)).filteredOn("Created"::equals).hasSize(9);
        assertThat(outcomes.get(6)).isInstanceOf(ImportResult.Rejected.class);
    }

    @Test
    void concurrentEqualBatchesAreImportedOnce() {
        var batch = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> imported(i, "race:" + i, "Race"))
                .toList();
        var outcomes = Objects.requireNonNull(Flux.range(0, 6)
                .flatMap(
                        i -> instance.bean(ArticleImport.class)
                                .importAll(account(ann), i % 2 == 0 ? batch : batch.reversed()),
                        6)
                .collectList()
                .block(TIMEOUT));
        assertThat(kinds(outcomes)).filteredOn("Created"::equals).hasSize(30);
        assertThat(kinds(outcomes)).filteredOn("Unchanged"::equals).hasSize(150);
        assertThat(Api.count(instance, "feed_log join article on article_id = id where origin like 'race:%'"))
                .isEqualTo(30);
    }

    @Test
    void batchLocksTheClockOnce() {
        var before = clockUpdates();
        importAll(
                ann,
                IntStream.rangeClosed(1, 50)
                        .mapToObj(i -> imported(i, "clock:" + i, "Clock"))
                        .toList());
        assertThat(clockUpdates() - before).isOne();
    }

    @Test
    void thousandArticlesOfTenKilobytesAreImported() {
        var body = "Some words of *text* with a [link](https://example.org/) here. ".repeat(160);
        var created = Flux.range(1, 1000)
                .map(i -> imported(i, "bulk:" + i, "Bulk " + i, body))
                .buffer(100)
                .concatMap(batch -> instance.bean(ArticleImport.class).importAll(account(ann), batch))
                .filter(ImportResult.Created.class::isInstance)
                .count()
                .block(TIMEOUT);
        assertThat(created).isEqualTo(1000);
    }

    @Test
    void timeOfAnImportStays() {
        var time = Instant.parse("2020-01-02T03:04:05.123456789Z");
        var draft = new ArticleDraft("Timed", null, null, "b", null, null, null, null, "en-us", time, null, null, null);
        importAll(ann, List.of(new ImportedArticle(1, "timed", draft)));
        assertThat(Api.count(
                        instance,
                        "article where origin = 'timed' and language = 'en' and status = 'published'"
                                + " and published_at = '2020-01-02T03:04:05.123456Z'"))
                .isOne();
        assertThat(kinds(importAll(ann, List.of(new ImportedArticle(1, "timed", draft)))))
                .containsExactly("Unchanged");
    }

    private static long clockUpdates() {
        // Each update of the row by another transaction has another time.
        return Api.count(instance, "(select distinct at from feed_log)");
    }

    private static List<ImportResult> importAll(Api api, List<ImportedArticle> batch) {
        return Freshet.get(instance.bean(ArticleImport.class)
                .importAll(account(api), batch)
                .collectList());
    }

    private static Account account(Api api) {
        return new Account(api.account(), "ann", null, Role.AUTHOR, Instant.EPOCH, null);
    }

    private static ImportedArticle imported(int line, String origin, String title) {
        return imported(line, origin, title, "Body of " + title);
    }

    private static ImportedArticle imported(int line, String origin, String title, @Nullable String body) {
        return new ImportedArticle(
                line,
                origin,
                new ArticleDraft(
                        title, null, null, body, List.of("imported"), null, null, null, null, null, null, null, null));
    }

    private static List<String> kinds(List<ImportResult> outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome.getClass().getSimpleName())
                .toList();
    }

    private static String reason(ImportResult outcome) {
        return outcome instanceof ImportResult.Rejected rejected ? rejected.reason() : "";
    }
}
