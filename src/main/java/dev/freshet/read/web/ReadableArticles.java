package dev.freshet.read.web;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleAccess;
import dev.freshet.content.article.ArticleRow;
import dev.freshet.content.image.ArticleImage;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads single articles for readers, each in one statement with the position of the feed log. Uses {@code
 * DatabaseClient}, since no repository can join the clock.
 */
final class ReadableArticles {

    private static final String SQL = "select c.epoch, c.seq, p.* from feed_clock c left join lateral (select "
            + ArticleRow.columns(true) + ", " + ArticleImage.SQL + " as images from " + ArticleRow.FROM
            + " where a.id = :id) p on true";

    private static final int MAX_INLINE_LENGTH = 16_384;

    private final DatabaseClient client;
    private final Scheduler rendering;

    /** @param rendering the bounded scheduler of long articles */
    ReadableArticles(DatabaseClient client, Scheduler rendering) {
        this.client = client;
        this.rendering = rendering;
    }

    /** @param images the images of the article that are stored here */
    record PositionedArticle(Article article, List<ArticleImage> images, Cursor cursor) {

        String html() {
            return Objects.requireNonNullElse(article.content().html(), "");
        }

        boolean hasEmbeds() {
            return ArticleBody.hasEmbeds(html());
        }
    }

    private record Row(@Nullable Article article, List<ArticleImage> images, Cursor cursor) {}

    /** Reads an article that anyone may read; fails with the problem of {@link ArticleAccess#checkPublic} otherwise. */
    Mono<PositionedArticle> read(UUID id) {
        return client.sql(SQL)
                .bind("id", id)
                .map(ReadableArticles::row)
                .one()
                .map(row ->
                        new PositionedArticle(ArticleAccess.checkPublic(row.article()), row.images(), row.cursor()));
    }

    /** Completes the body for its page, a long one on the rendering threads. */
    Mono<ArticleBody> body(PositionedArticle found) {
        var html = found.html();
        var body = Mono.fromSupplier(() -> ArticleBody.of(html, found.images()));
        return html.length() <= MAX_INLINE_LENGTH ? body : body.subscribeOn(rendering);
    }

    private static Row row(Readable row) {
        var cursor = new Cursor(Columns.number(row, "epoch"), Columns.number(row, "seq"));
        return row.get("id", UUID.class) == null
                ? new Row(null, List.of(), cursor)
                : new Row(ArticleRow.article(row), ArticleImage.parse(row.get("images", String.class)), cursor);
    }
}
