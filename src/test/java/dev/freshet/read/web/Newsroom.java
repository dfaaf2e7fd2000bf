package dev.freshet.read.web;

import static dev.freshet.testing.Freshet.TIMEOUT;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleContent;
import dev.freshet.content.article.Publication;
import dev.freshet.content.article.Status;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.NewEntry;
import dev.freshet.testing.Freshet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes articles and their events straight into the tables of an instance. */
final class Newsroom {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final DatabaseClient client;
    private final FeedLog feedLog;
    private final TransactionalOperator transaction;
    private final JsonMapper json = JsonMapper.builder().build();

    Newsroom(Freshet instance) {
        client = instance.bean(DatabaseClient.class);
        feedLog = instance.bean(FeedLog.class);
        transaction = instance.bean(TransactionalOperator.class);
    }

    /** Returns a published article that is not stored yet. */
    static Article article(String title, Instant publishedAt, String... tags) {
        var content = new ArticleContent(
                title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"),
                title,
                "About " + title,
                "body",
                "<p>The text of " + title + "</p>",
                List.of(tags),
                "Ann Ward",
                "The Gauge",
                null,
                "en",
                List.of(),
                null);
        return new Article(UUID.randomUUID(), content, new Publication(Status.PUBLISHED, publishedAt, publishedAt), 1);
    }

    /** Returns the next version of an article, with another title. */
    static Article retitled(Article article, String title) {
        var content = article.content();
        return new Article(
                article.id(),
                new ArticleContent(
                        content.slug(),
                        title,
                        content.summary(),
                        content.body(),
                        content.html(),
                        content.tags(),
                        content.author(),
                        content.source(),
                        content.canonicalUrl(),
                        content.language(),
                        content.attachments(),
                        content.image()),
                article.publication(),
                article.version() + 1);
    }

    void publish(Article... articles) {
        publish(Arrays.asList(articles));
    }

    /** Publishes in one transaction. */
    void publish(List<Article> articles) {
        var written = Flux.fromIterable(articles)
                .concatMap(this::insert)
                .then(Mono.defer(() -> feedLog.append(articles.stream()
                        .map(article -> entry(EventType.PUBLISHED, article))
                        .toList())));
        transaction.transactional(written).block(TIMEOUT);
    }

    void update(Article article) {
        var written = client.sql(
                        "update article set was_search = search, title = :title, slug = :slug, version = :version where id = :id")
                .bind("title", article.content().title())
                .bind("slug", article.content().slug())
                .bind("version", article.version())
                .bind("id", article.id())
                .then()
                .then(Mono.defer(() -> feedLog.append(List.of(entry(EventType.UPDATED, article)))));
        transaction.transactional(written).block(TIMEOUT);
    }

    void withdraw(Article article) {
        var written = client.sql(
                        "update article set was_search = search, status = 'withdrawn', version = version + 1 where id = :id")
                .bind("id", article.id())
                .then()
                .then(Mono.defer(() -> feedLog.append(List.of(NewEntry.withdrawal(article.id(), article.facets())))));
        transaction.transactional(written).block(TIMEOUT);
    }

    private NewEntry entry(EventType type, Article article) {
        return new NewEntry(
                type,
                article.id(),
                article.facets(),
                type == EventType.PUBLISHED ? null : article.facets(),
                json.writeValueAsString(article.withoutBody()),
                "{\"body\":\"b\",\"html\":\"h\"}");
    }

    private Mono<Void> insert(Article article) {
        return client.sql("""
                        with account as (
                            insert into account (id, name) values ('00000000-0000-7000-8000-000000000001', 'newsroom')
                            on conflict do nothing
                        ), author as (
                            insert into author (name) values (:author)
                            on conflict (name) do update set name = excluded.name returning id
                        ), source as (
                            insert into source (name) values (:source)
                            on conflict (name) do update set name = excluded.name returning id
                        )
                        insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language,
                            status, owner, published_at, updated_at, version)
                        select :id, :slug, :title, :summary, :body, :html, :tags, author.id, source.id, :language,
                            :status, '00000000-0000-7000-8000-000000000001', :at, :at, :version
                        from author, source""")
                .bind("author", article.content().author())
                .bind("source", article.content().source())
                .bind("id", article.id())
                .bind("slug", article.content().slug())
                .bind("title", article.content().title())
                .bind("summary", article.content().summary())
                .bind("body", text(article.content().body()))
                .bind("html", text(article.content().html()))
                .bind("tags", article.content().tags().toArray(String[]::new))
                .bind("language", article.content().language())
                .bind("status", article.status().toString())
                .bind(
                        "at",
                        article.publication().publishedAt() == null
                                ? NOON
                                : article.publication().publishedAt())
                .bind("version", article.version())
                .then();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
