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
        @Nullable Instant time) {}
