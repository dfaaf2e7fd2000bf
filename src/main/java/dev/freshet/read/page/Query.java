package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.platform.http.Representation;

/** What a client asked for, in normal form: equal queries have equal answers, which may be kept. */
sealed interface Query permits PageQuery, DirectoryQuery {

    Representation representation();

    /** The feed whose events make an answer outdated. */
    Feed feed();

    /** What absolute links begin with, such as {@code https://news.example}; empty where there are none. */
    String origin();

    /** The address, beginning with the path, in the one form that the server itself writes. */
    String address();

    /** Whether it asks for the beginning, as most do, and not for what follows on a page. */
    boolean isFirst();
}
