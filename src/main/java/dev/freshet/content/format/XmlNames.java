package dev.freshet.content.format;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Canonical names of elements. A namespace has one prefix here, whatever the document calls it; RSS of all versions has
 * none. Names are in lower case, since publishers vary it.
 */
final class XmlNames {

    private static final Map<String, String> PREFIXES = new HashMap<>();

    static {
        put("", "backend.userland.com/rss", "backend.userland.com/rss2", "blogs.law.harvard.edu/tech/rss");
        put("", "cyber.law.harvard.edu/rss", "purl.org/rss/1.0", "purl.org/rss/1.0/modules/rss091");
        put("", "my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9", "purl.org/net/rss1.1");
        put("atom", "www.w3.org/2005/atom", "purl.org/atom/ns", "purl.org/echo", "purl.org/pie");
        put("atom", "example.com/necho", "example.com/newformat", "purl.org/atom-blog/ns");
        put("app", "www.w3.org/2007/app", "purl.org/atom/app");
        put("dc", "purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0");
        put("dcterms", "purl.org/dc/terms");
        put("content", "purl.org/rss/1.0/modules/content");
        put("itunes", "www.itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd");
        put("googleplay", "www.google.com/schemas/play-podcasts/1.0");
        put("media", "search.yahoo.com/mrss", "www.rssboard.org/media-rss", "video.search.yahoo.com/mrss");
        put("feedburner", "rssnamespace.org/feedburner/ext/1.0");
        put("wp", "wordpress.org/export/1.0", "wordpress.org/export/1.1", "wordpress.org/export/1.2");
        put("excerpt", "wordpress.org/export/1.0/excerpt", "wordpress.org/export/1.1/excerpt");
        put("excerpt", "wordpress.org/export/1.2/excerpt");
        put("rdf", "www.w3.org/1999/02/22-rdf-syntax-ns");
        put("xhtml", "www.w3.org/1999/xhtml");
        put("xml", "www.w3.org/xml/1998/namespace");
    }

    private XmlNames() {}

    private static void put(String prefix, String... namespaces) {
        for (var namespace : namespaces) {
            PREFIXES.put(namespace, prefix);
        }
    }

    /**
     * Returns a canonical name.
     *
     * @param name the name in the document
     * @param namespace the namespace of the prefix, or the default namespace; null if it is not declared
     * @param defaultPrefix the canonical prefix of names without a prefix whose namespace is unknown
     */
    static String canonical(String name, @Nullable String namespace, String defaultPrefix) {
        var colon = name.indexOf(':');
        var local = name.substring(colon + 1).toLowerCase(Locale.ROOT);
        var prefix = namespace == null ? null : PREFIXES.get(normalised(namespace));
        if (prefix == null) {
            prefix = colon > 0 ? name.substring(0, colon).toLowerCase(Locale.ROOT) : defaultPrefix;
        }
        return prefix.isEmpty() ? local : prefix + ":" + local;
    }

    /** Removes what publishers vary: case, protocol, white space and the end. */
    private static String normalised(String namespace) {
        return namespace
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^https?://", "")
                .replaceFirst("[/#]+$", "");
    }
}
