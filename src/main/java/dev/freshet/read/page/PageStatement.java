package dev.freshet.read.page;

import dev.freshet.content.article.ArticleRow;
import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.Languages;
import dev.freshet.search.ArticleLanguages;
import dev.freshet.search.SearchQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statement that reads a page of a feed. */
final class PageStatement {

    /**
     * The number of newest matches that a search ranks: those of the longest page. Ranking all would take minutes for millions
     * of matches, and readers of a common word want the newest.
     */
    static final int MAX_RANKED = PageQuery.MAX_LIMIT;

    // Bounds of articles by the keys of the window, in a format whose arguments are the columns of time and id.
    private static final String AFTER = " and (%1$s, %2$s) < (:time, :id)";
    private static final String NOT_AFTER = " and (%1$s, %2$s) >= (:time, :id)";
    private static final String BEFORE = " and (%1$s, %2$s) > (:beforeTime, :beforeId)";
    private static final String NOT_BEFORE = " and (%1$s, %2$s) <= (:beforeTime, :beforeId)";
    // Takes a tenth of the time of ts_rank_cd, and counts the distances of several words too.
    private static final String RANK = "ts_rank(a.search, cast(:q as tsquery))";

    private final Feed feed;
    private final SearchPlan plan;
    private final PageWindow window;
    private final FollowedArticles followed;
    private final boolean ranked;
    private final Map<String, Object> values = new HashMap<>();

    /**
     * @param plan without effect on a feed without a search
     * @param followed without effect on a feed that is not a followed one
     * @param ranked whether the best matches of a search are first; else the newest are, as in other feeds
     * @param languages the languages whose words a search finds
     */
    PageStatement(
            Feed feed,
            SearchPlan plan,
            PageWindow window,
            FollowedArticles followed,
            boolean ranked,
            ArticleLanguages languages) {
        this.feed = feed;
        this.plan = plan;
        this.window = window;
        this.followed = followed;
        this.ranked = ranked && feed.isSearch();
        if (feed.q() != null) {
            values.put("q", SearchQuery.parse(feed.q()).query(languages));
        }
        put(window.after(), "time", "id", "rank");
        put(window.before(), "beforeTime", "beforeId", "beforeRank");
    }

    private void put(@Nullable PageKey key, String time, String id, String rank) {
        if (key != null) {
            values.put(time, key.publishedAt());
            values.put(id, key.id());
            if (ranked) {
                values.put(rank, key.rank());
            }
        }
    }

    /** Returns the parameters of the statement, which {@link #sql} adds to. */
    Map<String, Object> values() {
        return values;
    }

    /**
     * Composes the statement. It has the rows of the page in the order of the feed, and one without an article for an empty
     * page.
     *
     * @param rows the maximum number of rows
     * @param content whether the rows have {@code body} and {@code html}
     * @param surroundings whether the columns {@code earlier} and {@code later} show whether the feed has articles on the
     *     other sides of the keys of the window, else both are false. The column {@code found} is the number of matches to
     *     rank with a plan by period, which may be fewer than the search has. A search has the column {@code languages} of
     *     all articles
     */
    String sql(int rows, boolean content, boolean surroundings) {
        var order = window.order();
        var bounds = (window.after() == null ? "" : AFTER) + (window.before() == null ? "" : BEFORE);
        // The clock's row comes first, alone for an empty page. With the number of rows as a parameter, PostgreSQL
        // would plan each execution again. Names and texts are joined to the rows of the page alone.
        var byPeriod = plan.way() == SearchPlan.Way.BY_PERIOD;
        var articles = byPeriod ? "n" : "(" + articles(bounds, order, rows) + ") n";
        return (byPeriod ? "with n as materialized (" + articles(bounds, order, rows) + ") " : "")
                + "select c.epoch, c.seq, c.at, p.*, "
                + (surroundings && window.after() != null ? exists(NOT_AFTER, ReadOrder.OLDEST_FIRST) : false)
                + " as earlier, "
                + (surroundings && window.before() != null ? exists(NOT_BEFORE, ReadOrder.NEWEST_FIRST) : false)
                + " as later, " + (byPeriod ? "(select count(*) from n)" : "null::bigint")
                + " as found, " + (feed.isSearch() ? "(select article_languages())" : "null::text[]")
                + " as languages from feed_clock c left join lateral (select "
                + ArticleRow.columns(content)
                + ", " + (ranked ? "left(a.html, " + Highlights.MAX_HTML_LENGTH + ")" : "null")
                + " as found_in, "
                + (ranked ? "n.rank" : "0::real") + " as rank from "
                + (ranked ? "(" + best(articles, bounds, order, rows) + ") n" : articles)
                + " join " + ArticleRow.FROM + " on a.id = n.id"
                + " order by " + (ranked ? "n.rank " + order + ", " : "")
                + "a.published_at " + order + ", a.id " + order + " limit "
                + rows + ") p on true"
                + " order by p.rank desc, p.published_at desc, p.id desc";
    }

    /** Returns a query of the first matches in the order of their rank. It reads only the words of the others. */
    private String best(String matches, String bounds, ReadOrder order, int rows) {
        return "select a.id, " + RANK + " as rank from " + matches + " join article a on a.id = n.id"
                + rankedWithin(bounds) + " order by rank " + order + ", a.published_at " + order + ", a.id " + order
                + " limit " + rows;
    }

    /** Returns whether the feed has articles within bounds, by the first of them in an order. */
    private String exists(String bounds, ReadOrder order) {
        return "exists (select from (" + articles(bounds, order, 1) + ") n"
                + (ranked ? " join article a on a.id = n.id" + rankedWithin(bounds) : "") + ")";
    }

    /** Returns a condition of the rank, since a search orders its matches by it; empty for another feed. */
    private String rankedWithin(String bounds) {
        return bounds.isEmpty() || !ranked
                ? ""
                : bounds.replace("(%1$s,", "(" + RANK + ", %1$s,")
                        .replace("(:time", "(:rank, :time")
                        .replace("(:beforeTime", "(:beforeRank, :beforeTime")
                        .formatted("a.published_at", "a.id")
                        .replaceFirst(" and ", " where ");
    }

    /** Returns a query of articles of the feed: those that a search ranks, else the first in an order. */
    private String articles(String bounds, ReadOrder order, int rows) {
        if (ranked) {
            return keys("", ReadOrder.NEWEST_FIRST, MAX_RANKED);
        }
        var reader = feed.followedBy();
        if (reader != null && feed.equals(Feed.ALL.followedBy(reader))) {
            values.put("reader", reader);
            return followed.first(bounds, order, rows, values);
        }
        return keys(bounds, order, rows);
    }

    /** Returns a query of the first articles of the feed in an order, which is that of an index. */
    private String keys(String bounds, ReadOrder order, int rows) {
        var several = severalValues(feed);
        var conditions = conditions(several);
        var languages = languages(conditions);
        var ofTag = !feed.tags().isEmpty();
        var time = ofTag ? "t.published_at" : "a.published_at";
        var id = ofTag ? "t.article_id" : "a.id";
        var sort = feed.isSearch() && plan.way() != SearchPlan.Way.BY_TIME ? unindexed(time) : time;
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
        var first = "select " + time + " as published_at, " + id + " as id from " + from + " where "
                + String.join(" and ", conditions) + bounds.formatted(time, id)
                + " order by " + sort + " " + order + ", " + id + " " + order + " limit " + rows;
        // The first of each name by its index. An article that has several names is selected once.
        return several == null && languages.size() < 2
                ? first
                : "select distinct p.published_at, p.id from unnest(:names) as f(key) cross join lateral (" + first
                        + ") p order by p.published_at " + order + ", p.id " + order + " limit " + rows;
    }

    /**
     * Adds the conditions of languages. Without a condition of names or words, the index of languages finds the articles.
     *
     * @return the keys that this index finds; if several, they are the keys f
     */
    private List<String> languages(List<String> conditions) {
        var languages = feed.languages();
        var isIndexed = feed.ofNames().equals(Feed.ALL) && !feed.isInStore();
        var keys = isIndexed ? languages.primary() : List.<String>of();
        if (!keys.isEmpty()) {
            conditions.add("split_part(lower(a.language), '-', 1) = " + (keys.size() > 1 ? "f.key" : ":language"));
            values.put(keys.size() > 1 ? "names" : "language", keys.size() > 1 ? names(keys) : keys.getFirst());
        }
        if (!keys.equals(languages.any())) {
            conditions.add("lower(a.language) ~ any (:languages)");
            values.put("languages", Languages.patterns(languages.any()));
        }
        if (!languages.none().isEmpty()) {
            conditions.add("not lower(a.language) ~ any (:notLanguages)");
            values.put("notLanguages", Languages.patterns(languages.none()));
        }
        return keys;
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
    private List<String> conditions(@Nullable FeedKind several) {
        var conditions = new ArrayList<String>();
        name(conditions, FeedKind.AUTHOR, feed.authors(), several);
        name(conditions, FeedKind.SOURCE, feed.sources(), several);
        exclude(conditions, FeedKind.AUTHOR, feed.excluded().authors());
        exclude(conditions, FeedKind.SOURCE, feed.excluded().sources());
        if (!feed.excluded().tags().isEmpty()) {
            conditions.add(
                    "not exists (select from article_tag g where g.article_id = a.id and g.tag = any (:notTags))");
            values.put("notTags", names(feed.excluded().tags()));
        }
        if (feed.q() != null) {
            conditions.add(matches(":q", plan));
            if (plan.way() == SearchPlan.Way.BY_PERIOD) {
                conditions.add("article_periods(a.published_at) && :periods");
                values.put("periods", plan.periods().toArray(Long[]::new));
            }
        }
        if (feed.followedBy() != null) {
            conditions.add(FollowedArticles.CONDITION);
            values.put("reader", feed.followedBy());
        }
        return conditions;
    }

    /** Returns the condition that the article {@code a} matches a search. */
    static String matches(String query, SearchPlan plan) {
        var words = "cast(" + query + " as tsquery)";
        // By a select, PostgreSQL does not see the words, and takes them for rare. Otherwise it would overestimate the
        // matches, and underestimate the time of reading the words of all articles.
        return "a.search @@ " + (plan.way() == SearchPlan.Way.BY_WORD ? "(select " + words + ")" : words);
    }

    /** Returns a sum that is equal to a time, but no index has its order. So the index of words is used. */
    static String unindexed(String time) {
        return "(" + time + " + interval '0')";
    }

    private void exclude(List<String> conditions, FeedKind kind, List<String> names) {
        if (!names.isEmpty()) {
            var excluded = kind + "sNot";
            conditions.add("a." + kind + "_id <> all (array(select id from " + kind + " where key = any (:" + excluded
                    + ")))");
            values.put(excluded, names(names));
        }
    }

    private void name(List<String> conditions, FeedKind kind, List<String> names, @Nullable FeedKind several) {
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
}
