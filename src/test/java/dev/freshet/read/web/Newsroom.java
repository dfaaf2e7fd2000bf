package dev.freshet.read.web;

import static dev.freshet.testing.Freshet.TIMEOUT;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleContent;
import dev.freshet.content.article.Publication;
import dev.freshet.content.article.Status;
import dev.freshet.log.feedlog.ArticleWrite;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.NewEntry;
import dev.freshet.testing.ArticleRows;
import dev.freshet.testing.Freshet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes articles and their events straight into the tables of an instance. */
final class Newsroom {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final FeedLog feedLog;
    private final JsonMapper json = JsonMapper.builder().build();

    Newsroom(Freshet instance) {
        feedLog = instance.bean(FeedLog.class);
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
                null,
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
                        content.image(),
                        null),
                article.publication(),
                article.version() + 1);
    }

    void publish(Article... articles) {
        publish(Arrays.asList(articles));
    }

    /** Publishes by one statement. */
    void publish(List<Article> articles) {
        append(
                ArticleRows.insert(articles.stream().map(Newsroom::row).toList()),
                articles.stream()
                        .map(article -> entry(EventType.PUBLISHED, article))
                        .toList());
    }

    void update(Article article) {
        var content = article.content();
        append(
                ArticleRows.update(
                        article.id(),
                        Map.of("title", content.title(), "slug", content.slug(), "version", article.version())),
                List.of(entry(EventType.UPDATED, article)));
    }

    void withdraw(Article article) {
        append(
                ArticleRows.update(article.id(), Map.of("status", "withdrawn", "version", article.version() + 1)),
                List.of(NewEntry.withdrawal(article.id(), article.facets())));
    }

    private void append(ArticleWrite write, List<NewEntry> entries) {
        feedLog.append(write, entries).block(TIMEOUT);
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

    private static Map<String, Object> row(Article article) {
        var content = article.content();
        var publishedAt = article.publication().publishedAt();
        return Map.ofEntries(
                Map.entry("id", article.id()),
                Map.entry("slug", content.slug()),
                Map.entry("title", content.title()),
                Map.entry("summary", content.summary()),
                Map.entry("body", text(content.body())),
                Map.entry("html", text(content.html())),
                Map.entry("tags", content.tags()),
                Map.entry("author", content.author()),
                Map.entry("source", content.source()),
                Map.entry("language", content.language()),
                Map.entry("status", article.status()),
                Map.entry("owner", ArticleRows.OWNER),
                Map.entry("published_at", (publishedAt == null ? NOON : publishedAt).toString()),
                Map.entry("version", article.version()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
