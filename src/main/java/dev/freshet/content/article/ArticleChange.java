package dev.freshet.content.article;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A step in an article's life.
 *
 * @param before null where the article is new
 */
record ArticleChange(@Nullable StoredArticle before, StoredArticle after) {

    static ArticleChange create(
            UUID owner, @Nullable String origin, ArticleContent content, Publication life, Instant now) {
        var article = content.article(UuidV7.next(now), life.status(), life.publishedAt(), now, 1);
        return new ArticleChange(null, new StoredArticle(article, owner, origin));
    }

    /** A change of what an article says or where it is in its life; null when it changes nothing. */
    static @Nullable ArticleChange update(StoredArticle before, ArticleContent content, Publication life, Instant now) {
        var old = before.article();
        if (content.isOf(old)
                && life.status() == old.status()
                && Objects.equals(life.publishedAt(), old.publishedAt())) {
            return null;
        }
        var article = content.article(old.id(), life.status(), life.publishedAt(), now, old.version() + 1);
        var followsUrl = Objects.equals(before.origin(), old.canonicalUrl());
        var origin = followsUrl ? article.canonicalUrl() : before.origin();
        return new ArticleChange(before, new StoredArticle(article, before.owner(), origin));
    }

    /** A change of where an article is in its life alone. */
    static ArticleChange move(StoredArticle before, Status status, @Nullable Instant publishedAt, Instant now) {
        var old = before.article();
        var article = new Article(
                old.id(),
                old.slug(),
                old.title(),
                old.summary(),
                old.body(),
                old.html(),
                old.tags(),
                old.author(),
                old.source(),
                old.canonicalUrl(),
                old.language(),
                status,
                publishedAt,
                now,
                old.version() + 1);
        return new ArticleChange(before, new StoredArticle(article, before.owner(), before.origin()));
    }
}
