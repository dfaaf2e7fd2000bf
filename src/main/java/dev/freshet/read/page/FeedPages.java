package dev.freshet.read.page;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleRow;
import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.store.Columns;
import dev.freshet.search.SearchQuery;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
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

    /** Evaluated per article, so that a further filter decides how many are read. */
    private static final String FOLLOWED = "(exists (select from article_tag g where g.article_id = a.id and g.tag in"
            + " (select key from following where account = :reader and kind = 'tag'))"
            + " or a.author_id in (select w.id from following f join author w on w.key = f.key"
            + " where f.account = :reader and f.kind = 'author')"
            + " or a.source_id in (select s.id from following f join source s on s.key = f.key"
            + " where f.account = :reader and f.kind = 'source'))";

    private static final String MATCHES = "a.search @@ cast(:q as tsquery)";

    private final DatabaseClient client;
    private final WordFrequencies frequencies;

    FeedPages(@Qualifier("pageReads") ConnectionFactory pageReads, WordFrequencies frequencies) {
        this.client = DatabaseClient.create(pageReads);
        this.frequencies = frequencies;
    }

    /**
     * Reads a page.
     *
     * @param after the key of the page; null for the first page
     * @param limit the maximum number of items, from 1
     * @param content whether the items carry {@code body} and {@code html}
     */
    Mono<FeedPage> read(Feed feed, @Nullable PageKey after, int limit, boolean content) {
        var search = feed.q() == null ? null : SearchQuery.parse(feed.q());
        return (search == null ? Mono.just(false) : frequencies.isCommon(search, MAX_RANKED)).flatMap(isCommon -> {
            var values = new HashMap<String, Object>();
            if (search != null) {
                values.put("q", search.query());
            }
            var plan = isCommon ? SearchPlan.BY_TIME : SearchPlan.BY_WORD;
            // One more row shows whether an older page exists.
            var sql = sql(feed, plan, after, limit + 1, content, values);
            var rows = new Rows();
            return client.sql(sql)
                    .bindValues(values)
                    .map(rows::read)
                    .all()
                    .then(Mono.fromSupplier(() -> rows.page(limit)));
        });
    }

    /** The ways to find the newest matches of a search. */
    enum SearchPlan {
        /** Reads articles from the newest on. */
        BY_TIME,
        /** Reads all matches, from the index of words. */
        BY_WORD
    }

    /**
     * Composes the statement of a page, and adds its parameters to {@code values}, except {@code q}.
     *
     * @param plan without effect on a feed without a search
     */
    static String sql(
            Feed feed,
            SearchPlan plan,
            @Nullable PageKey after,
            int rows,
            boolean content,
            Map<String, Object> values) {
        if (after != null) {
            values.put("time", after.publishedAt());
            values.put("id", after.id());
        }
        var keyset = after != null;
        var page = feed.isSearch()
                ? keys(feed, plan, false, MAX_RANKED, values)
                : feed.followedBy() != null && feed.equals(Feed.ALL.followedBy(feed.followedBy()))
                        ? followed(feed.followedBy(), keyset, rows, values)
                        : keys(feed, plan, keyset, rows, values);
        var rank = feed.isSearch() ? "ts_rank_cd(a.search, cast(:q as tsquery))" : "0::real";
        var condition = "";
        // A search ranks its matches, so its keyset includes the rank.
        if (feed.isSearch() && after != null) {
            condition = " where (" + rank + ", a.published_at, a.id) < (:rank, :time, :id)";
            values.put("rank", after.rank());
        }
        // The clock's row comes first, alone for an empty page. With the number of rows as a parameter, PostgreSQL
        // would plan each execution again. Names and texts are joined to the rows of the page alone.
        return "select c.epoch, c.seq, c.at, p.* from feed_clock c left join lateral (select "
                + ArticleRow.columns(content)
                + ", " + rank + " as rank from (" + page + ") n join " + ArticleRow.FROM + " on a.id = n.id" + condition
                + " order by " + (feed.isSearch() ? rank + " desc, " : "") + "a.published_at desc, a.id desc limit "
                + rows + ") p on true"
                + " order by p.rank desc, p.published_at desc, p.id desc";
    }

    /** Returns a query of the newest articles of everything that an account follows. */
    private static String followed(UUID reader, boolean keyset, int rows, Map<String, Object> values) {
        values.put("reader", reader);
        return NameMerge.newest("select kind, key from following where account = :reader", keyset, rows);
    }

    /** Returns a query of the newest articles of a feed, in the order of an index. */
    private static String keys(Feed feed, SearchPlan plan, boolean keyset, int rows, Map<String, Object> values) {
        var several = severalValues(feed);
        var conditions = conditions(feed, plan, several, values);
        var ofTag = !feed.tags().isEmpty();
        var time = ofTag ? "t.published_at" : "a.published_at";
        var id = ofTag ? "t.article_id" : "a.id";
        // The sum is equal to the time, but no index has its order. So the index of words is used.
        var order = feed.isSearch() && plan == SearchPlan.BY_WORD ? "(" + time + " + interval '0')" : time;
        // All articles with tags in this table are published.
        var from = !ofTag
                ? "article a"
                : conditions.isEmpty() ? "article_tag t" : "article_tag t join article a on a.id = t.article_id";
        if (ofTag) {
            var isSeveral = several == FeedKind.TAG;
            conditions.add(isSeveral ? "t.tag = f.key" : "t.tag = :tag");
            values.put(
                    isSeveral ? "names" : "tag",
                    isSeveral ? names(feed.tags()) : feed.tags().getFirst());
        } else {
            conditions.add("a.status = 'published'");
        }
        if (keyset) {
            conditions.add("(" + time + ", " + id + ") < (:time, :id)");
        }
        var newest = "select " + time + " as published_at, " + id + " as id from " + from + " where "
                + String.join(" and ", conditions) + " order by " + order + " desc, " + id + " desc limit " + rows;
        // The newest of each name by its index. An article that has several names is selected once.
        return several == null
                ? newest
                : "select distinct p.published_at, p.id from unnest(:names) as f(key) cross join lateral (" + newest
                        + ") p order by p.published_at desc, p.id desc limit " + rows;
    }

    /** Returns the first condition with several values, which are the keys f; null without one. */
    private static @Nullable FeedKind severalValues(Feed feed) {
        if (feed.tags().size() > 1) {
            return FeedKind.TAG;
        }
        if (feed.authors().size() > 1) {
            return FeedKind.AUTHOR;
        }
        return feed.sources().size() > 1 ? FeedKind.SOURCE : null;
    }

    private static String[] names(List<String> names) {
        return names.toArray(String[]::new);
    }

    /** Returns the conditions over the alias {@code a}, without that of the tags. */
    private static List<String> conditions(
            Feed feed, SearchPlan plan, @Nullable FeedKind several, Map<String, Object> values) {
        var conditions = new ArrayList<String>();
        name(conditions, values, FeedKind.AUTHOR, feed.authors(), several);
        name(conditions, values, FeedKind.SOURCE, feed.sources(), several);
        if (feed.q() != null) {
            conditions.add(MATCHES);
            if (plan == SearchPlan.BY_WORD) {
                // Repeated, since PostgreSQL overestimates the matches of rare words, and multiplies its estimates.
                conditions.add(MATCHES);
            }
        }
        if (feed.followedBy() != null) {
            conditions.add(FOLLOWED);
            values.put("reader", feed.followedBy());
        }
        return conditions;
    }

    private static void name(
            List<String> conditions,
            Map<String, Object> values,
            FeedKind kind,
            List<String> names,
            @Nullable FeedKind several) {
        var id = "a." + kind + "_id = ";
        var ids = "(select id from " + kind + " where key = ";
        if (several == kind) {
            conditions.add(id + ids + "f.key)");
            values.put("names", names(names));
        } else if (names.size() == 1) {
            conditions.add(id + ids + ":" + kind + ")");
            values.put(kind.toString(), names.getFirst());
        } else if (!names.isEmpty()) {
            conditions.add(id + "any (array" + ids + "any (:" + kind + "s)))");
            values.put(kind + "s", names(names));
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
                cursor = new Cursor(Columns.require(row, "epoch", Long.class), Columns.require(row, "seq", Long.class));
                changedAt = Columns.require(row, "at", Instant.class);
            }
            if (row.get("id", UUID.class) != null) {
                articles.add(ArticleRow.article(row));
                ranks.add(Columns.require(row, "rank", Float.class));
            }
            return true;
        }

        FeedPage page(int limit) {
            var items = articles.subList(0, Math.min(limit, articles.size()));
            var keys = IntStream.range(0, items.size())
                    .mapToObj(i -> PageKey.after(items.get(i), ranks.get(i)))
                    .toList();
            var next = articles.size() > limit ? keys.getLast() : null;
            return new FeedPage(items, Objects.requireNonNull(cursor), Objects.requireNonNull(changedAt), keys, next);
        }
    }
}
