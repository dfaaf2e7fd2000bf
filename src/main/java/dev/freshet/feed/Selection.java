package dev.freshet.feed;

import dev.freshet.log.feedlog.Facets;
import dev.freshet.search.SearchDocument;
import dev.freshet.search.SearchQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The articles of an account's followed feed.
 *
 * @param followed names; an article has any of them, or matches a saved search
 * @param searches the saved searches
 * @param muted names that no article has
 */
public record Selection(NameSet followed, List<SearchQuery> searches, NameSet muted) {

    public Selection {
        searches = List.copyOf(searches);
    }

    /**
     * Returns whether an article is in the feed.
     *
     * @param words may be null without saved searches
     */
    boolean contains(Facets facets, @Nullable SearchDocument words) {
        return (followed.containsAnyOf(facets)
                        || (words != null && searches.stream().anyMatch(search -> search.matches(words))))
                && !muted.containsAnyOf(facets);
    }
}
