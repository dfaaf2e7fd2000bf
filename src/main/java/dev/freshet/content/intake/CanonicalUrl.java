package dev.freshet.content.intake;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an article's canonical URL tells about it. */
final class CanonicalUrl {

    private static final int LONGEST_SLUG = 200;

    private CanonicalUrl() {}

    /** The host in lower case, or null if there is none. */
    static @Nullable String host(@Nullable String url) {
        var uri = uri(url);
        var host = uri == null ? null : uri.getHost();
        return host == null ? null : host.toLowerCase(Locale.ROOT);
    }

    /** The last segment of its path that is not empty, with what a slug can't have made a hyphen; null if there is none. */
    static @Nullable String slug(@Nullable String url) {
        var uri = uri(url);
        var path = uri == null ? null : uri.getPath();
        if (path == null) {
            return null;
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        var slug = path.substring(path.lastIndexOf('/', end - 1) + 1, end).replaceAll("[^\\p{L}\\p{N}._~-]+", "-");
        return slug.isEmpty() ? null : FeedEntry.beginning(slug, LONGEST_SLUG);
    }

    /**
     * What an article is recognised by when it comes again.
     *
     * @throws UnreadableEntryException if there is nothing to recognise it by
     */
    static String origin(@Nullable String url, @Nullable String id, @Nullable String source, @Nullable String slug) {
        if (url != null && !url.isBlank()) {
            return url;
        }
        if (id != null && !id.isBlank()) {
            return id;
        }
        if (source != null && !source.isBlank() && slug != null && !slug.isBlank()) {
            return source + "/" + slug;
        }
        throw new UnreadableEntryException(
                "has nothing to recognise it by when it comes again: give it a canonical URL, an id, or source and slug");
    }

    private static @Nullable URI uri(@Nullable String url) {
        try {
            return url == null ? null : new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
