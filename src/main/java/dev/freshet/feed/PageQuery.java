package dev.freshet.feed;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for when it asked for a page, in normal form: equal queries have equal pages.
 *
 * @param before where the page begins; null for the first page
 * @param limit the most items, from 1
 * @param origin what absolute links begin with, such as {@code https://news.example}; empty where the representation
 *     has none
 */
public record PageQuery(
        Representation representation, Feed feed, @Nullable PageKey before, int limit, Fields fields, String origin) {

    /** Where feeds are, in every representation. */
    public static final String PATH = "/api/v1/articles";

    static final int DEFAULT_LIMIT = 20;
    static final int MAX_LIMIT = 200;

    /** The same from another page key on; null for the first page. */
    public PageQuery from(@Nullable PageKey key) {
        return new PageQuery(representation, feed, key, limit, fields, origin);
    }

    /** The same in another representation. */
    public PageQuery as(Representation other) {
        return new PageQuery(other, feed, before, limit, fields, origin);
    }

    /** The address of the page, beginning with the path, in the one form that the server itself writes. */
    public String address() {
        var query = new StringJoiner("&", PATH + "?", "").setEmptyValue(PATH);
        if (representation != Representation.JSON) {
            add(query, "format", representation.toString());
        }
        add(query, "tag", feed.tag());
        add(query, "author", feed.author());
        add(query, "source", feed.source());
        add(query, "q", feed.q());
        if (!fields.equals(Fields.SUMMARY)) {
            add(query, "fields", fields.toString());
        }
        if (limit != DEFAULT_LIMIT) {
            add(query, "limit", Integer.toString(limit));
        }
        if (before != null) {
            add(query, "before", before.toString());
        }
        return query.toString();
    }

    private static void add(StringJoiner query, String name, @Nullable String value) {
        if (value != null) {
            query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
