package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.platform.http.Representation;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A request for the directory of feeds.
 *
 * @param kind null for all kinds
 * @param after the key of the part; null for the first
 * @param limit the maximum number of feeds, from 1
 */
record DirectoryQuery(
        Representation representation,
        @Nullable FeedKind kind,
        @Nullable DirectoryKey after,
        int limit,
        String origin) implements Query {

    static final String PATH = "/api/v1/feeds";

    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;

    /** Every event changes a count. */
    @Override
    public Feed feed() {
        return Feed.ALL;
    }

    @Override
    public boolean isFirst() {
        return after == null;
    }

    DirectoryQuery from(DirectoryKey key) {
        return new DirectoryQuery(representation, kind, key, limit, origin);
    }

    @Override
    public String address() {
        var query = new StringJoiner("&", PATH + "?", "").setEmptyValue(PATH);
        if (representation != Representation.JSON) {
            query.add("format=" + representation);
        }
        if (kind != null) {
            query.add("kind=" + kind);
        }
        if (limit != DEFAULT_LIMIT) {
            query.add("limit=" + limit);
        }
        if (after != null) {
            query.add("after=" + after);
        }
        return query.toString();
    }
}
