package dev.freshet.read.page;

import dev.freshet.platform.http.Representation;

/**
 * Renders pages in one representation. The bytes depend only on the arguments. Safe for use by many threads. A bean of
 * this type makes its representation available; each representation has at most one.
 */
public interface PageRenderer {

    /** Returns its representation. */
    Representation representation();

    /**
     * Renders a page.
     *
     * @param query the query, in this renderer's representation
     * @param page the articles, with content where the query selects it
     * @return the whole body in UTF-8
     */
    byte[] render(PageQuery query, FeedPage page);
}
