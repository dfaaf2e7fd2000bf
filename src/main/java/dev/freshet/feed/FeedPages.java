package dev.freshet.feed;

import dev.freshet.article.Article;
import dev.freshet.article.ArticleRow;
import dev.freshet.feedlog.Cursor;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads pages of feeds by keyset, each in one statement and so at one position of the feed log. */
@Component
class FeedPages {

    /**
     * A search puts so many of the newest matches in order of rank. To rank all would take minutes where millions match, and
     * of a word that common the news are wanted.
     */
    private static final int FOUND = 1000;

    private final DatabaseClient client;

    FeedPages(DatabaseClient client) {
        this.client = client;
    }

    /**
     * Reads a page.
     *
     * @param after where it begins; null for the first page
     * @param limit the most items, from 1
     * @param content whether the items carry {@code body} and {@code html}
     */
    Mono<FeedPage> read(Feed feed, @Nullable PageKey after, int limit, boolean content) {
        var values = new HashMap<String, Object>();
        var sql = sql(feed, after, limit + 1, content, values);
        // One row more than asked for tells whether there is an older page.
        var statement = client.sql(sql).bindValues(values);
        return Mono.defer(() -> {
            var rows = new Rows();
            return statement.map(rows::read).all().then(Mono.fromSupplier(() -> rows.page(limit)));
        });
    }

    private static String sql(
            Feed feed, @Nullable PageKey after, int rows, boolean content, Map<String, Object> values) {
        var conditions = new ArrayList<String>(List.of("a.status = 'published'"));
        var from = ArticleRow.FROM;
        var time = "a.published_at";
        var id = "a.id";
        if (feed.tag() != null) {
            from = "article_tag t join " + ArticleRow.FROM + " on a.id = t.article_id";
            time = "t.published_at";
            id = "t.article_id";
            conditions.add("t.tag = :tag");
            values.put("tag", feed.tag());
        }
        if (feed.author() != null) {
            conditions.add("a.author_id = (select id from author where name = :author)");
            values.put("author", feed.author());
        }
        if (feed.source() != null) {
            conditions.add("a.source_id = (select id from source where name = :source)");
            values.put("source", feed.source());
        }
        var rank = "0::real";
        var order = time + " desc, " + id + " desc";
        if (feed.q() != null) {
            conditions.add("a.search @@ websearch_to_tsquery('english', :q)");
            values.put("q", feed.q());
            from = "(select " + id + " as id from " + from + " where " + String.join(" and ", conditions) + " order by "
                    + order + " limit " + FOUND + ") f join " + ArticleRow.FROM + " on a.id = f.id";
            conditions.clear();
            time = "a.published_at";
            id = "a.id";
            rank = "ts_rank_cd(a.search, websearch_to_tsquery('english', :q))";
            order = rank + " desc, " + time + " desc, " + id + " desc";
        }
        if (after != null) {
            conditions.add(
                    feed.q() == null
                            ? "(" + time + ", " + id + ") < (:time, :id)"
                            : "(" + rank + ", " + time + ", " + id + ") < (:rank, :time, :id)");
            values.put("time", after.publishedAt());
            values.put("id", after.id());
            if (feed.q() != null) {
                values.put("rank", after.rank());
            }
        }
        var where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        // The clock's row comes first, alone where the page is empty. PostgreSQL would plan each execution anew if the
        // number of rows were a parameter.
        return "select c.epoch, c.seq, c.at, p.* from feed_clock c left join lateral (select "
                + ArticleRow.columns(content)
                + ", " + rank + " as rank from " + from
                + where
                + " order by " + order + " limit " + rows + ") p on true"
                + " order by p.rank desc, p.published_at desc, p.id desc";
    }

    /** The rows of one page, as they come. Each carries the clock, which is the same in all. */
    private static final class Rows {

        private final List<Article> articles = new ArrayList<>();
        private final List<Float> ranks = new ArrayList<>();
        private @Nullable Cursor cursor;
        private @Nullable Instant changedAt;

        boolean read(Readable row) {
            if (cursor == null) {
                cursor = new Cursor(require(row, "epoch", Long.class), require(row, "seq", Long.class));
                changedAt = require(row, "at", Instant.class);
            }
            if (row.get("id", UUID.class) != null) {
                articles.add(ArticleRow.article(row));
                ranks.add(require(row, "rank", Float.class));
            }
            return true;
        }

        FeedPage page(int limit) {
            var items = articles.subList(0, Math.min(limit, articles.size()));
            var last = articles.size() > limit ? items.getLast() : null;
            var next = last == null ? null : PageKey.after(last, ranks.get(items.size() - 1));
            return new FeedPage(items, Objects.requireNonNull(cursor), Objects.requireNonNull(changedAt), next);
        }
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
