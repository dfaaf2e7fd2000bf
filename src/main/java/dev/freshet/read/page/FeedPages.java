package dev.freshet.read.page;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleRow;
import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.log.feedlog.Cursor;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Reads pages of feeds by keyset, each in one statement and so at one position of the feed log. Uses {@code
 * DatabaseClient}, since no repository can compose these statements.
 */
@Component
class FeedPages {

    /**
     * The number of newest matches that a search ranks. Ranking all would take minutes for millions of matches, and
     * readers of a common word want the newest.
     */
    private static final int MAX_RANKED = 1000;

    private final DatabaseClient client;

    FeedPages(@Qualifier("pageReads") ConnectionFactory pageReads) {
        this.client = DatabaseClient.create(pageReads);
    }

    /**
     * Reads a page.
     *
     * @param after the key of the page; null for the first page
     * @param limit the maximum number of items, from 1
     * @param content whether the items carry {@code body} and {@code html}
     */
    Mono<FeedPage> read(Feed feed, @Nullable PageKey after, int limit, boolean content) {
        var values = new HashMap<String, Object>();
        var sql = sql(feed, after, limit + 1, content, values);
        // One more row shows whether an older page exists.
        var statement = client.sql(sql).bindValues(values);
        return Mono.defer(() -> {
            var rows = new Rows();
            return statement.map(rows::read).all().then(Mono.fromSupplier(() -> rows.page(limit)));
        });
    }

    private static String sql(
            Feed feed, @Nullable PageKey after, int rows, boolean content, Map<String, Object> values) {
        var conditions = conditions(feed, values);
        if (after != null) {
            values.put("time", after.publishedAt());
            values.put("id", after.id());
        }
        var ranked = feed.q() != null;
        var wanted = ranked ? MAX_RANKED : rows;
        // A search ranks its matches, so its keyset includes the rank.
        var keyset = after != null && !ranked;
        var articles = feed.tag() == null || feed.isPersonal() ? Articles.ALL : Articles.OF_TAG;
        var rank = "0::real";
        var order = articles.order();
        var from = articles.from();
        if (feed.isInStore()) {
            var newest = feed.isPersonal()
                    ? followed(conditions, keyset, wanted)
                    : articles.newest(conditions, keyset, wanted);
            from = "(" + newest + ") n join " + Articles.ALL.from() + " on a.id = n.id";
            order = Articles.ALL.order();
            conditions = new ArrayList<>(List.of("true"));
        } else if (keyset) {
            conditions.add(articles.keyset());
        }
        if (ranked) {
            rank = "ts_rank_cd(a.search, websearch_to_tsquery('english', :q))";
            order = rank + " desc, " + order;
            if (after != null) {
                conditions.add("(" + rank + ", a.published_at, a.id) < (:rank, :time, :id)");
                values.put("rank", after.rank());
            }
        }
        // The clock's row comes first, alone for an empty page. With the number of rows as a parameter, PostgreSQL
        // would plan each execution again.
        return "select c.epoch, c.seq, c.at, p.* from feed_clock c left join lateral (select "
                + ArticleRow.columns(content)
                + ", " + rank + " as rank from " + from
                + " where " + String.join(" and ", conditions)
                + " order by " + order + " limit " + rows + ") p on true"
                + " order by p.rank desc, p.published_at desc, p.id desc";
    }

    private static List<String> conditions(Feed feed, Map<String, Object> values) {
        var conditions = new ArrayList<>(List.of("a.status = 'published'"));
        if (feed.tag() != null) {
            conditions.add(feed.isPersonal() ? ":tag = any (a.tags)" : "t.tag = :tag");
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
        if (feed.q() != null) {
            conditions.add("a.search @@ websearch_to_tsquery('english', :q)");
            values.put("q", feed.q());
        }
        if (feed.followedBy() != null) {
            values.put("reader", feed.followedBy());
        }
        return conditions;
    }

    /** Selects the newest articles of each followed tag, author and source by its index. */
    private static String followed(List<String> conditions, boolean keyset, int rows) {
        var each = Stream.of(FeedKind.values())
                .map(kind -> {
                    var own = new ArrayList<>(conditions);
                    own.add(
                            switch (kind) {
                                case TAG -> "t.tag = f.name";
                                case AUTHOR -> "a.author_id = (select id from author where name = f.name)";
                                case SOURCE -> "a.source_id = (select id from source where name = f.name)";
                            });
                    var articles = kind == FeedKind.TAG ? Articles.OF_TAG : Articles.ALL;
                    return "select p.* from following f cross join lateral (" + articles.newest(own, keyset, rows)
                            + ") p where f.account = :reader and f.kind = '" + kind + "'";
                })
                .collect(Collectors.joining(" union "));
        return "select u.id from (" + each + ") u order by u.published_at desc, u.id desc limit " + rows;
    }

    /** The indexes in order of time. */
    private enum Articles {
        ALL(ArticleRow.FROM, "a.published_at", "a.id"),
        OF_TAG("article_tag t join " + ArticleRow.FROM + " on a.id = t.article_id", "t.published_at", "t.article_id");

        private final String from;
        private final String time;
        private final String id;

        Articles(String from, String time, String id) {
            this.from = from;
            this.time = time;
            this.id = id;
        }

        String from() {
            return from;
        }

        String order() {
            return time + " desc, " + id + " desc";
        }

        String keyset() {
            return "(" + time + ", " + id + ") < (:time, :id)";
        }

        String newest(List<String> conditions, boolean keyset, int rows) {
            return "select " + time + " as published_at, " + id + " as id from " + from
                    + " where " + String.join(" and ", conditions) + (keyset ? " and " + keyset() : "")
                    + " order by " + order() + " limit " + rows;
        }
    }

    /** Collects the rows of one page. Each carries the clock, which is the same in all. */
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
