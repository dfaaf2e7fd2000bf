package dev.freshet.feed;

import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Surrogate keys, by which a content delivery network finds its copies when an event makes them outdated. A page has
 * one key, the narrowest of its feed's filters. An event has the key of each page that it may concern.
 */
public final class SurrogateKeys {

    private static final String ALL = "all";

    private SurrogateKeys() {}

    /** Returns the key of a feed's pages: visible ASCII without commas. */
    public static String of(Feed feed) {
        if (feed.tags().size() == 1) {
            return key("tag", feed.tags().getFirst());
        }
        if (feed.authors().size() == 1) {
            return key("author", feed.authors().getFirst());
        }
        // A page has one key, which several values don't have.
        return feed.sources().size() == 1 ? key("source", feed.sources().getFirst()) : ALL;
    }

    /** Returns the keys of all pages that an event concerns, by the article's facets before and after. */
    public static List<String> of(LogEntry event) {
        var keys = new LinkedHashSet<String>();
        keys.add(ALL);
        add(keys, event.now());
        if (event.before() != null) {
            add(keys, event.before());
        }
        keys.add(ofArticle(event.articleId()));
        return List.copyOf(keys);
    }

    /** Returns the key of a single article: visible ASCII without commas. */
    public static String ofArticle(UUID id) {
        return "article:" + id;
    }

    private static void add(Set<String> keys, Facets facets) {
        facets.tags().forEach(tag -> keys.add(key("tag", tag)));
        keys.add(key("author", facets.author()));
        keys.add(key("source", facets.source()));
    }

    private static String key(String kind, String name) {
        return kind + ":" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
