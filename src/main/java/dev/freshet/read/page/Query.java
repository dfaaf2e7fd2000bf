package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.platform.http.Representation;

/** A request in canonical form: equal queries have equal, cacheable responses. */
sealed interface Query permits PageQuery, DirectoryQuery {

    Representation representation();

    /** Returns the feed whose events make a response outdated. */
    Feed feed();

    /** Returns the prefix of absolute links, such as {@code https://news.example}; empty for none. */
    String origin();

    /** Returns the canonical address, beginning with the path. */
    String address();

    /** Returns whether it requests the first page, as most do. */
    boolean isFirst();
}
