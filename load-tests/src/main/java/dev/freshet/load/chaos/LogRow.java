package dev.freshet.load.chaos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the feed log.
 *
 * @param now the article's facets after the change
 * @param before the facets before the change; null where readers did not know the article
 */
record LogRow(
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
