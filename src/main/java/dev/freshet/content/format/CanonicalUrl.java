package dev.freshet.content.format;

import dev.freshet.content.article.WebAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Derives properties of an article from its canonical URL. */
final class CanonicalUrl {

    private static final int MAX_SLUG_LENGTH = 200;

    private static final int MAX_KEY_BYTES = 1000;
    private static final Pattern UUID_ID =
            Pattern.compile("(?i)(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final Pattern URI_ID = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

    private CanonicalUrl() {}

    /** Returns the last non-empty path segment, with invalid characters replaced by hyphens; null if none exists. */
    static @Nullable String slug(@Nullable String url) {
        var uri = uri(url);
        var path = uri == null ? null : uri.getRawPath();
        if (path == null) {
            return null;
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return segment(path.substring(path.lastIndexOf('/', end - 1) + 1, end));
    }

    /** Returns a slug from a path segment, which may be percent-encoded; null if it has no valid characters. */
    static @Nullable String segment(String text) {
        var slug = decode(text).replaceAll("[^\\p{L}\\p{M}\\p{N}._~-]+", "-");
        return slug.matches("[.-]*") ? null : Repairs.beginning(slug, MAX_SLUG_LENGTH);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /**
     * Returns the key by which a later import recognises the article: the id, since items may share a link and links
     * may change; otherwise the URL, in its normal form.
     *
     * @param scope the host of the feed, in which an id that is no URI is unique; null if unknown
     * @throws UnreadableEntryException if the article has no such key
     */
    static String origin(@Nullable String url, @Nullable String id, @Nullable String scope, @Nullable String slug) {
        if (id != null && !id.isBlank()) {
            return limited(scoped(FeedText.replaceInvalid(id.strip()), scope));
        }
        if (url != null && !url.isBlank()) {
            return limited(url);
        }
        if (scope != null && !scope.isBlank() && slug != null && !slug.isBlank()) {
            return scope + "/" + slug;
        }
        throw new UnreadableEntryException(
                "needs a canonicalUrl, an id, or source and slug, so that a later import recognises it");
    }

    private static String scoped(String id, @Nullable String scope) {
        var uuid = UUID_ID.matcher(id);
        if (uuid.matches()) {
            return "urn:uuid:" + uuid.group(1).toLowerCase(Locale.ROOT);
        }
        var url = WebAddress.of(id, "");
        if (url != null) {
            return url;
        }
        return scope == null || scope.isBlank() || URI_ID.matcher(id).lookingAt() ? id : scope + " " + id;
    }

    /**
     * Returns the key of an article that has neither an id nor a URL: a hash of its content.
     *
     * @param scope the host of the feed; null if unknown
     */
    static String originOfContent(@Nullable String scope, String content) {
        var hash = hash(content.getBytes(StandardCharsets.UTF_8));
        return scope == null ? hash : scope + " " + hash;
    }

    /** Returns the hash of a key that is too long to store. */
    private static String limited(String key) {
        var bytes = key.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_KEY_BYTES ? key : hash(bytes);
    }

    private static String hash(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("The Java runtime lacks SHA-256", e);
        }
    }

    private static @Nullable URI uri(@Nullable String url) {
        try {
            return url == null ? null : new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
