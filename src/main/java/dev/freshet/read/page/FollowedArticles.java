package dev.freshet.read.page;

import java.util.List;
import java.util.Map;

/**
 * SQL of the followed feed of the account {@code :reader}.
 *
 * @param mutes whether the account mutes names, which takes a check of each article
 * @param searches its saved searches
 */
record FollowedArticles(boolean mutes, List<Search> searches) {

    /** An account without muted names and saved searches, and feeds of no account. */
    static final FollowedArticles OF_NAMES = new FollowedArticles(false, List.of());

    // PostgreSQL reads the list once into a hash table. Without "is true", it would look each name up for each article.
    private static final String LISTED = "(exists (select from article_tag g where g.article_id = a.id and (g.tag in"
            + " (select key from LIST where account = :reader and kind = 'tag')) is true)"
            + " or a.author_id in (select w.id from LIST f join author w on w.key = f.key"
            + " where f.account = :reader and f.kind = 'author')"
            + " or a.source_id in (select s.id from LIST f join source s on s.key = f.key"
            + " where f.account = :reader and f.kind = 'source'))";

    private static final String NOT_MUTED = "not " + LISTED.replace("LIST", "muted");

    /**
     * A condition over the alias {@code a}. It is evaluated per article, so that a further filter decides how many are
     * read.
     */
    static final String CONDITION = "(" + LISTED.replace("LIST", "following")
            + " or exists (select from saved_search s where s.account = :reader and a.search @@ s.query)) and "
            + NOT_MUTED;

    /**
     * A saved search.
     *
     * @param query in the input form of {@code tsquery}
     * @param plan finds its newest articles sooner
     */
    record Search(String query, SearchPlan plan) {}

    FollowedArticles {
        searches = List.copyOf(searches);
    }

    /**
     * Returns a query of the columns {@code published_at} and {@code id}: the first articles in an order.
     *
     * @param bounds conditions of the two columns, whose names are the arguments of its format; may be empty
     * @param values receives the values of the query's parameters, except the account
     */
    String first(String bounds, ReadOrder order, int rows, Map<String, Object> values) {
        var ofNames = NameMerge.first(
                "select kind, key from following where account = :reader", mutes ? NOT_MUTED : "", bounds, order, rows);
        if (searches.isEmpty()) {
            return ofNames;
        }
        var sql = new StringBuilder("select published_at, id from (" + ofNames + ") f");
        for (var i = 0; i < searches.size(); i++) {
            values.put("saved" + i, searches.get(i).query());
            sql.append(" union (")
                    .append(found(searches.get(i), ":saved" + i, bounds, order, rows))
                    .append(')');
        }
        return "select published_at, id from (" + sql + ") u order by published_at " + order + ", id " + order
                + " limit " + rows;
    }

    private String found(Search search, String query, String bounds, ReadOrder order, int rows) {
        var byWord = search.plan().way() == SearchPlan.Way.BY_WORD;
        var matches = " and " + PageStatement.matches(query, search.plan());
        return "select a.published_at, a.id from article a where a.status = 'published'" + matches
                + (mutes ? " and " + NOT_MUTED : "") + bounds.formatted("a.published_at", "a.id") + " order by "
                + (byWord ? PageStatement.unindexed("a.published_at") : "a.published_at") + " " + order + ", a.id "
                + order + " limit " + rows;
    }
}
