package dev.freshet.read.page;

import dev.freshet.platform.http.Representation;

/** Writes pages in one representation. Its bytes depend on its arguments alone. Used by many threads at once. */
public interface PageRenderer {

    /** The representation that it writes. */
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
