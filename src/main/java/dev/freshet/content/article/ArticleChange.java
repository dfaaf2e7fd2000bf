package dev.freshet.content.article;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of one article.
 *
 * @param before null for a new article
 * @param recorded the request to record with the change; null for one that may not be repeated
 * @param traceparent the span that causes the change; null if it is that of the statement
 */
record ArticleChange(
        @Nullable StoredArticle before,
        StoredArticle after,
        @Nullable RecordedRequest recorded,
        @Nullable String traceparent) {

    private ArticleChange(@Nullable StoredArticle before, StoredArticle after) {
        this(before, after, null, null);
    }

    static ArticleChange create(UUID owner, @Nullable String origin, ArticleContent content, Publication publication) {
        var id = UuidV7.next(publication.updatedAt());
        return new ArticleChange(null, new StoredArticle(new Article(id, content, publication, 1), owner, origin));
    }

    /** Returns a change of content or publication; null if both stay the same. */
    static @Nullable ArticleChange update(StoredArticle before, ArticleContent content, Publication publication) {
        var old = before.article();
        if (content.hasSameSourceAs(old.content()) && publication.hasSameStateAs(old.publication())) {
            return null;
        }
        var followsUrl = Objects.equals(before.origin(), old.content().canonicalUrl());
        var origin = followsUrl ? content.canonicalUrl() : before.origin();
        return new ArticleChange(before, new StoredArticle(old.next(content, publication), before.owner(), origin));
    }

    /** Returns a change of the publication alone. */
    static ArticleChange move(StoredArticle before, Status status, @Nullable Instant publishedAt, Instant now) {
        var old = before.article();
        var article = old.next(old.content(), old.publication().move(status, publishedAt, now));
        return new ArticleChange(before, new StoredArticle(article, before.owner(), before.origin()));
    }

    /** Returns this change with another origin. */
    ArticleChange withOrigin(String origin) {
        return new ArticleChange(
                before, new StoredArticle(after.article(), after.owner(), origin), recorded, traceparent);
    }

    /** Returns this change with a request to record. */
    ArticleChange recordedAs(RecordedRequest request) {
        return new ArticleChange(before, after, request, traceparent);
    }

    /** Returns this change with the span that causes it; null for none. */
    ArticleChange tracedBy(@Nullable String span) {
        return span == null ? this : new ArticleChange(before, after, recorded, span);
    }
}
