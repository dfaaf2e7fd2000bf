package dev.freshet.load.pages;

import java.util.ArrayList;
import java.util.List;

/** The statements with which Freshet reads pages of feeds without a search. */
final class PageSql {

    private PageSql() {}

    /** The filter of the articles. */
    enum Filter {
        ALL,
        TAG,
        AUTHOR,
        SOURCE
    }

    /**
     * Returns the statement of a page after a key.
     *
     * @param value the placeholder of the tag or the name; absent for {@link Filter#ALL}
     */
    static String page(Filter filter, String value, String time, String id, String limit) {
        var conditions = new ArrayList<>(List.of("a.status = 'published'"));
        var articles = "(article a join author w on w.id = a.author_id join source s on s.id = a.source_id)";
        var timeColumn = "a.published_at";
        var idColumn = "a.id";
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
        }
        var order = timeColumn + " desc, " + idColumn + " desc";
        conditions.add("(" + timeColumn + ", " + idColumn + ") < (" + time + ", " + id + ")");
        return "select c.epoch, c.seq, p.* from feed_clock c left join lateral (select a.id, a.slug, a.title, a.summary,"
                + " null as body, null as html, a.tags, w.name as author, s.name as source, a.canonical_url, a.language,"
                + " a.status, a.published_at, a.updated_at, a.version, 0::real as rank from " + articles
                + " where " + String.join(" and ", conditions) + " order by " + order + " limit " + limit
                + ") p on true order by p.rank desc, p.published_at desc, p.id desc";
    }
}
