package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A search that is part of the followed feed of an account.
 *
 * @param name unique in the account, in any case
 * @param q in the syntax of {@link dev.freshet.search.SearchQuery}
 * @param hasAddress whether feed readers read it by a secret address
 */
@Table("saved_search")
public record SavedSearch(@JsonIgnore UUID account, String name, String q, Instant since, boolean hasAddress) {

    /** Returns the feed of the search alone. */
    public Feed feed() {
        return new Feed(null, null, null, q);
    }
}
