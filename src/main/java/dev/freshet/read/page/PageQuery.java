package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.platform.http.Representation;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A request for a page in canonical form: equal queries have equal pages.
 *
 * @param before the page key; null for the first page
 * @param limit the maximum number of items, from 1
 * @param origin the prefix of absolute links, such as {@code https://news.example}; empty where the representation has
 *      none
 */
public record PageQuery(
        Representation representation, Feed feed, @Nullable PageKey before, int limit, Fields fields, String origin)
        implements Query {

    /** The path of feeds, in every representation. */
    public static final String PATH = Representation.FEED_PATH;

    /** The number of articles of a page unless the request names another. */
    public static final int DEFAULT_LIMIT = 20;

    /** The maximum number of articles of a page. */
    public static final int MAX_LIMIT = 200;

    /** Returns the first page without further parameters; its links are relative. */
    public static PageQuery first(Representation representation, Feed feed) {
        return new PageQuery(representation, feed, null, DEFAULT_LIMIT, Fields.SUMMARY, "");
    }

    /** Returns the same query with another page key; null for the first page. */
    public PageQuery from(@Nullable PageKey key) {
        return new PageQuery(representation, feed, key, limit, fields, origin);
    }

    @Override
    public boolean isFirst() {
        return before == null;
    }

    @Override
    public String address() {
        var query = new StringJoiner("&", PATH + "?", "").setEmptyValue(PATH);
        if (representation != Representation.JSON) {
            query.add("format=" + representation);
        }
        var named = feed.parameters();
        if (!named.isEmpty()) {
            query.add(named);
        }
        if (!fields.equals(Fields.SUMMARY)) {
            query.add("fields=" + fields);
        }
        if (limit != DEFAULT_LIMIT) {
            query.add("limit=" + limit);
        }
        if (before != null) {
            query.add("before=" + before);
        }
        return query.toString();
    }
}
