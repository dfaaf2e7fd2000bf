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
 * @param path the path of its address: {@link #PATH}, or one that is secret
 */
public record PageQuery(
        Representation representation,
        Feed feed,
        @Nullable PageKey before,
        int limit,
        Fields fields,
        String origin,
        String path)
        implements Query {

    /** The path of feeds, in every representation. */
    public static final String PATH = Representation.FEED_PATH;

    /** The number of articles of a page unless the request names another. */
    public static final int DEFAULT_LIMIT = 20;

    /** The maximum number of articles of a page. */
    public static final int MAX_LIMIT = 200;

    /** Returns the first page without further parameters; its links are relative. */
    public static PageQuery first(Representation representation, Feed feed) {
        return new PageQuery(representation, feed, null, DEFAULT_LIMIT, Fields.SUMMARY, "", PATH);
    }

    /** Returns the same query with another page key; null for the first page. */
    public PageQuery from(@Nullable PageKey key) {
        return new PageQuery(representation, feed, key, limit, fields, origin, path);
    }

    /** Returns whether the address is a secret of its readers. Nothing may store the page, or refer to it. */
    public boolean isSecret() {
        return !path.equals(PATH);
    }

    @Override
    public boolean isFirst() {
        return before == null;
    }

    @Override
    public String address() {
        var query = new StringJoiner("&", path + "?", "").setEmptyValue(path);
        if (representation != Representation.JSON) {
            query.add("format=" + representation);
        }
        var named = isSecret() ? "" : feed.parameters();
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
