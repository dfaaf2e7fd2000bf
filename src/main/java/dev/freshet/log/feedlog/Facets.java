package dev.freshet.log.feedlog;

import java.util.List;

/**
 * The attributes of an article that the predicate of a feed tests.
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
