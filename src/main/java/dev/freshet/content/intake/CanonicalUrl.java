package dev.freshet.content.intake;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Derives properties of an article from its canonical URL. */
final class CanonicalUrl {

    private static final int MAX_SLUG_LENGTH = 200;

    private CanonicalUrl() {}

    /** Returns the host in lower case; null if the URL has none. */
    static @Nullable String host(@Nullable String url) {
        var uri = uri(url);
        var host = uri == null ? null : uri.getHost();
        return host == null ? null : host.toLowerCase(Locale.ROOT);
    }

    /** Returns the last non-empty path segment, with invalid characters replaced by hyphens; null if none exists. */
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
        return slug.isEmpty() ? null : FeedEntry.beginning(slug, MAX_SLUG_LENGTH);
    }

    /**
     * Returns the key by which a later import recognises the article.
     *
     * @throws UnreadableEntryException if the article has no such key
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
                "needs a canonicalUrl, an id, or source and slug, so that a later import recognises it");
    }

    private static @Nullable URI uri(@Nullable String url) {
        try {
            return url == null ? null : new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
