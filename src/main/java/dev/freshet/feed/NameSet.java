package dev.freshet.feed;

import dev.freshet.log.feedlog.Facets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Names of tags, authors and sources, as keys: those that an account follows, or that a feed excludes. Sorted lists, so that the sets of
 * thousands of accounts take little memory.
 *
 * @param tags sorted keys of tags
 * @param authors sorted keys of authors
 * @param sources sorted keys of sources
 */
public record NameSet(List<String> tags, List<String> authors, List<String> sources) {

    /** No names. */
    public static final NameSet NONE = new NameSet(List.of(), List.of(), List.of());

    public NameSet {
        tags = tags.stream().sorted().distinct().toList();
        authors = authors.stream().sorted().distinct().toList();
        sources = sources.stream().sorted().distinct().toList();
    }

    /** Returns whether an article has any of the names. */
    boolean containsAnyOf(Facets facets) {
        return facets.tags().stream().anyMatch(tag -> contains(tags, tag))
                || contains(authors, facets.author())
                || contains(sources, facets.source());
    }

    private static boolean contains(List<String> keys, String key) {
        return Collections.binarySearch(keys, key) >= 0;
    }

    /** Returns the feed of each name. */
    List<FeedPart> parts() {
        var parts = new ArrayList<FeedPart>(tags.size() + authors.size() + sources.size());
        tags.forEach(tag -> parts.add(new FeedPart(tag, null, null)));
        authors.forEach(author -> parts.add(new FeedPart(null, author, null)));
        sources.forEach(source -> parts.add(new FeedPart(null, null, source)));
        return parts;
    }
}
