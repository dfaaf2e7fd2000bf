package dev.freshet.read.page;

import dev.freshet.feed.FeedKind;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SQL that merges the newest, or the oldest, articles of many tags, authors and sources. Its cost grows with the number of
 * names and of requested rows, but not with the number of articles.
 *
 * <p>It first reads the first few articles of each name. The last article that these put on the page is a bound. Only names
 * with more articles before the bound are read further.
 */
final class NameMerge {

    /**
     * The number of articles that are first read of each name. With 1,000 names, the bound is found even if each article
     * has twenty of them.
     */
    private static final int FIRST = 4;

    private NameMerge() {}

    /**
     * Returns a query of the columns {@code published_at} and {@code id}: the first articles in an order.
     *
     * @param names a query whose rows have a kind and a key
     * @param filter a further condition over the article {@code a}; empty for none
     * @param bounds conditions of the two columns, whose names are the arguments of its format; may be empty
     */
    static String first(String names, String filter, String bounds, ReadOrder order, int rows) {
        var sort = "published_at " + order + ", id " + order;
        var first = ofEachKind(kind -> "select n.kind, n.key, n.ref, p.published_at, p.id, p.position"
                + " from resolved n cross join lateral (select p.*, row_number() over (order by " + sort
                + ") as position from (" + keys(kind, filter, bounds, order, FIRST) + ") p) p");
        var rest = " and (%1$s, %2$s) " + order.after() + " (n.published_at, n.id) and (%1$s, %2$s) " + order.before()
                + "= (n.end_at, n.end_id)";
        var more = ofEachKind(kind -> "select p.published_at, p.id from unfinished n cross join lateral ("
                + keys(kind, filter, rest, order, rows) + ") p");
        return "with named as materialized (" + names + "), resolved as materialized ("
                + "select kind, key, null::bigint as ref from named where kind = 'tag'"
                + " union all select n.kind, null, w.id from named n join author w on w.key = n.key"
                + " where n.kind = 'author'"
                + " union all select n.kind, null, s.id from named n join source s on s.key = n.key"
                + " where n.kind = 'source'"
                + "), first as materialized (" + first
                + "), bound as materialized (select distinct published_at, id from first order by " + sort
                + " offset "
                + (rows - 1) + " limit 1"
                + "), unfinished as materialized (select f.*, coalesce(b.published_at, '" + order.endTime()
                + "') as end_at, coalesce(b.id, '" + order.endId() + "') as end_id"
                + " from first f left join bound b on true where f.position = " + FIRST
                + " and (b.id is null or (f.published_at, f.id) " + order.before() + " (b.published_at, b.id))"
                + ") select published_at, id from (select published_at, id from first union ("
                + more + ")) u order by " + sort + " limit " + rows;
    }

    private static String ofEachKind(Function<FeedKind, String> query) {
        return Stream.of(FeedKind.values())
                .map(kind -> query.apply(kind) + " where n.kind = '" + kind + "'")
                .collect(Collectors.joining(" union all "));
    }

    /** Returns a query of the first articles of the row {@code n}, which an index answers alone without a filter. */
    private static String keys(FeedKind kind, String filter, String bounds, ReadOrder order, int rows) {
        var ofTag = kind == FeedKind.TAG;
        var time = ofTag ? "t.published_at" : "a.published_at";
        var id = ofTag ? "t.article_id" : "a.id";
        var from = switch (kind) {
            case TAG ->
                "article_tag t" + (filter.isEmpty() ? "" : " join article a on a.id = t.article_id")
                        + " where t.tag = n.key";
            case AUTHOR -> "article a where a.status = 'published' and a.author_id = n.ref";
            case SOURCE -> "article a where a.status = 'published' and a.source_id = n.ref";
        };
        return "select " + time + " as published_at, " + id + " as id from " + from
                + (filter.isEmpty() ? "" : " and " + filter) + bounds.formatted(time, id)
                + " order by " + time + " " + order + ", " + id + " " + order + " limit " + rows;
    }
}
