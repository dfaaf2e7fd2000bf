package dev.freshet.content.article;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an article says, made ready: everything but its life. */
record ArticleContent(
        String slug,
        String title,
        String summary,
        String body,
        String html,
        List<String> tags,
        String author,
        String source,
        @Nullable String canonicalUrl,
        String language) {

    Article article(UUID id, Status status, @Nullable Instant publishedAt, Instant updatedAt, long version) {
        return new Article(
                id,
                slug,
                title,
                summary,
                body,
                html,
                tags,
                author,
                source,
                canonicalUrl,
                language,
                status,
                publishedAt,
                updatedAt,
                version);
    }

    /** The same with the slug that it had. */
    ArticleContent withSlug(String kept) {
        return new ArticleContent(kept, title, summary, body, html, tags, author, source, canonicalUrl, language);
    }

    /** Whether an article says this already. HTML is left out: it follows from the body. */
    boolean isOf(Article article) {
        return slug.equals(article.slug())
                && title.equals(article.title())
                && summary.equals(article.summary())
                && body.equals(article.body())
                && tags.equals(article.tags())
                && author.equals(article.author())
                && source.equals(article.source())
                && Objects.equals(canonicalUrl, article.canonicalUrl())
                && language.equals(article.language());
    }
}
