package dev.freshet.read.web;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleAccess;
import dev.freshet.content.article.ArticleRow;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.Readable;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Reads single articles for readers, each in one statement with the position of the feed log. Uses {@code
 * DatabaseClient}, since no repository can join the clock.
 */
final class ReadableArticles {

    private static final String SQL = "select c.epoch, c.seq, p.* from feed_clock c left join lateral (select "
            + ArticleRow.columns(true) + " from " + ArticleRow.FROM
            + " where a.id = :id) p on true";

    private final DatabaseClient client;

    ReadableArticles(DatabaseClient client) {
        this.client = client;
    }

    record PositionedArticle(Article article, Cursor cursor) {}

    private record Row(@Nullable Article article, Cursor cursor) {}

    /** Reads an article that anyone may read; fails with the problem of {@link ArticleAccess#checkPublic} otherwise. */
    Mono<PositionedArticle> read(UUID id) {
        return client.sql(SQL)
                .bind("id", id)
                .map(ReadableArticles::row)
                .one()
                .map(row -> new PositionedArticle(ArticleAccess.checkPublic(row.article()), row.cursor()));
    }

    private static Row row(Readable row) {
        var cursor = new Cursor(Columns.number(row, "epoch"), Columns.number(row, "seq"));
        return new Row(row.get("id", UUID.class) == null ? null : ArticleRow.article(row), cursor);
    }
}
