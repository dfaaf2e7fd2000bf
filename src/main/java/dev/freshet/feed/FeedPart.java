package dev.freshet.feed;

import dev.freshet.log.feedlog.Facets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A feed with at most one tag, one author and one source, as keys. An index files other feeds under their parts.
 *
 * @param tag null for no condition, like the others
 */
public record FeedPart(
        @Nullable String tag,
        @Nullable String author,
        @Nullable String source) {

    static FeedPart of(Feed feed) {
        return new FeedPart(first(feed.tags()), first(feed.authors()), first(feed.sources()));
    }

    private static @Nullable String first(List<String> names) {
        return names.isEmpty() ? null : names.getFirst();
    }

    /** Returns all parts that contain an article with these facets. */
    public static Set<FeedPart> of(Facets facets) {
        var parts = new HashSet<FeedPart>();
        var tags = new ArrayList<@Nullable String>(facets.tags());
        tags.add(null);
        for (var tag : tags) {
            parts.add(new FeedPart(tag, null, null));
            parts.add(new FeedPart(tag, facets.author(), null));
            parts.add(new FeedPart(tag, null, facets.source()));
            parts.add(new FeedPart(tag, facets.author(), facets.source()));
        }
        return parts;
    }
}
