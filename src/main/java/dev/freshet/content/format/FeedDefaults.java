package dev.freshet.content.format;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a feed that apply to entries without their own.
 *
 * @param base the base of relative links: the address of its home page, else of the document; empty if unknown
 * @param tags the tags of entries without their own
 */
record FeedDefaults(
        String base,
        List<String> authors,
        @Nullable String language,
        List<String> tags,
        @Nullable Instant time) {

    /** Returns the properties that change an entry, as a text. The time is none, since it changes with each entry. */
    String digestText() {
        return base + authors + language + tags;
    }
}
