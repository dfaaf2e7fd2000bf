package dev.freshet.feed;

import dev.freshet.log.feedlog.Facets;

/**
 * The articles of an account's followed feed.
 *
 * @param followed names, of which an article has any
 * @param muted names that no article has
 */
public record Selection(NameSet followed, NameSet muted) {

    /** Returns whether an article is in the feed. */
    boolean contains(Facets facets) {
        return followed.containsAnyOf(facets) && !muted.containsAnyOf(facets);
    }
}
