package dev.freshet.read.web;

import dev.freshet.feed.Feed;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.PageKey;
import dev.freshet.read.page.PageQuery;

/** The addresses of the reader's pages and of the streams that they follow. */
final class Links {

    private Links() {}

    static String tag(String tag) {
        return new Feed(tag, null, null, null).readerPath();
    }

    static String author(String author) {
        return new Feed(null, author, null, null).readerPath();
    }

    static String source(String source) {
        return new Feed(null, null, source, null).readerPath();
    }

    static String older(Feed feed, PageKey before) {
        return feed.readerPath() + (feed.equals(Feed.ALL) ? "?" : "&") + "before=" + before;
    }

    /** Returns the stream of a feed, to which a script adds {@code since}. */
    static String stream(Feed feed) {
        return PageQuery.PATH + "?" + feed.parameters() + (feed.equals(Feed.ALL) ? "" : "&") + "announce=true";
    }

    /** Returns a feed in another representation, for programs that follow it. */
    static String alternate(Feed feed, Representation representation) {
        return PageQuery.first(representation, feed).address();
    }
}
