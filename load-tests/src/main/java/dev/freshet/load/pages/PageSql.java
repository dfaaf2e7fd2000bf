package dev.freshet.load.pages;

import java.util.ArrayList;
import java.util.List;

/** The statements with which Freshet reads pages, in the form that its {@code FeedPages} builds. */
final class PageSql {

    private PageSql() {}

    /** The filter of the articles. */
    enum Filter {
        ALL,
        TAG,
        AUTHOR,
        SOURCE,
        SEARCH
    }

    /**
     * Returns the statement of a page after a key.
     *
     * @param value the placeholder of the tag, the name or the search; absent for {@link Filter#ALL}
     * @param rank the placeholder of the key's rank; only for {@link Filter#SEARCH}
     */
    static String page(Filter filter, String value, String rank, String time, String id, String limit) {
        var conditions = new ArrayList<>(List.of("a.status = 'published'"));
        var articles = "(article a join author w on w.id = a.author_id join source s on s.id = a.source_id)";
        var timeColumn = "a.published_at";
        var idColumn = "a.id";
        var rankColumn = "0::real";
        var query = "websearch_to_tsquery('simple', " + value + ")";
        switch (filter) {
            case ALL -> {}
            case TAG -> {
                articles = "article_tag t join " + articles + " on a.id = t.article_id";
                timeColumn = "t.published_at";
                idColumn = "t.article_id";
                conditions.add("t.tag = " + value);
            }
            case AUTHOR -> conditions.add("a.author_id = (select id from author where name = " + value + ")");
            case SOURCE -> conditions.add("a.source_id = (select id from source where name = " + value + ")");
            case SEARCH -> {
                rankColumn = "ts_rank_cd(a.search, " + query + ")";
                articles = "(select a.id as id from " + articles + " where a.status = 'published' and a.search @@ "
                        + query + " order by a.published_at desc, a.id desc limit 1000) f join " + articles
                        + " on a.id = f.id";
                conditions.clear();
            }
        }
        var order = timeColumn + " desc, " + idColumn + " desc";
        if (filter == Filter.SEARCH) {
            order = rankColumn + " desc, " + order;
            conditions.add("(" + rankColumn + ", " + timeColumn + ", " + idColumn + ") < (" + rank + ", " + time + ", "
                    + id + ")");
        } else {
            conditions.add("(" + timeColumn + ", " + idColumn + ") < (" + time + ", " + id + ")");
        }
        return "select c.epoch, c.seq, p.* from feed_clock c left join lateral (select a.id, a.slug, a.title, a.summary,"
                + " null as body, null as html, a.tags, w.name as author, s.name as source, a.canonical_url, a.language,"
                + " a.status, a.published_at, a.updated_at, a.version, " + rankColumn + " as rank from " + articles
                + " where " + String.join(" and ", conditions) + " order by " + order + " limit " + limit
                + ") p on true order by p.rank desc, p.published_at desc, p.id desc";
    }
}
