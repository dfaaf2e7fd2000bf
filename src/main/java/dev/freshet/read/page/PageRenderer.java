package dev.freshet.read.page;

import dev.freshet.platform.http.Representation;

/** Renders pages in one representation. The bytes depend only on the arguments. Safe for use by many threads. */
public interface PageRenderer {

    /** Returns its representation. */
    Representation representation();

    /**
     * Writes a page.
     *
     * @param query what was asked for; its representation is this renderer's
     * @param page the articles, with content where the query's fields ask for it
     * @return the whole body, in UTF-8
     */
    byte[] render(PageQuery query, FeedPage page);
}
