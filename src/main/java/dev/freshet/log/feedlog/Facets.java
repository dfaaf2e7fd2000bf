package dev.freshet.log.feedlog;

import java.util.List;

/**
 * What a feed's predicate looks at in an article.
 *
 * @param tags lower-case tags without duplicates, in the author's order
 * @param author the author's name
 * @param source the source's name
 */
public record Facets(List<String> tags, String author, String source) {

    public Facets {
        tags = List.copyOf(tags);
    }
}
