package dev.freshet.load.chaos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the feed log.
 *
 * @param now what feeds look at in the article after the change
 * @param before the same before the change; null where readers knew nothing of it
 */
record Logged(
        long seq,
        String type,
        String article,
        Facets now,
        @Nullable Facets before) {

    static final String PUBLISHED = "article.published";
    static final String UPDATED = "article.updated";
    static final String WITHDRAWN = "article.withdrawn";

    record Facets(List<String> tags, String author) {}
}
