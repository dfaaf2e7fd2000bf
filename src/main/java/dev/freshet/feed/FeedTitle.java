package dev.freshet.feed;

import dev.freshet.platform.LanguageTag;
import java.text.Bidi;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Describes feeds for readers. */
public final class FeedTitle {

    private FeedTitle() {}

    /**
     * Returns a description of what a feed selects, in one line of plain text.
     *
     * @param shown returns the name that readers see, by its kind and key
     */
    public static String of(Feed feed, BiFunction<FeedKind, String, String> shown) {
        var parts = new StringJoiner(", ");
        if (feed.q() != null) {
            parts.add("“" + isolated(feed.q()) + "”");
        }
        add(parts, "#", " or #", FeedKind.TAG, feed.tags(), shown);
        add(parts, "by ", " or ", FeedKind.AUTHOR, feed.authors(), shown);
        add(parts, "from ", " or ", FeedKind.SOURCE, feed.sources(), shown);
        addLanguages(parts, "in ", feed.languages().any());
        var excluded = feed.excluded();
        add(parts, "without #", " or #", FeedKind.TAG, excluded.tags(), shown);
        add(parts, "not by ", " or ", FeedKind.AUTHOR, excluded.authors(), shown);
        add(parts, "not from ", " or ", FeedKind.SOURCE, excluded.sources(), shown);
        addLanguages(parts, "not in ", feed.languages().none());
        var all = feed.followedBy() == null ? "Newest articles" : "Articles that you follow";
        return parts.length() == 0 ? all : "Articles " + parts;
    }

    private static void add(
            StringJoiner parts,
            String prefix,
            String separator,
            FeedKind kind,
            List<String> keys,
            BiFunction<FeedKind, String, String> shown) {
        if (!keys.isEmpty()) {
            parts.add(keys.stream()
                    .map(key -> isolated(shown.apply(kind, key)))
                    .collect(Collectors.joining(separator, prefix, "")));
        }
    }

    private static void addLanguages(StringJoiner parts, String prefix, List<String> languages) {
        if (!languages.isEmpty()) {
            parts.add(languages.stream().map(LanguageTag::name).collect(Collectors.joining(" or ", prefix, "")));
        }
    }

    /** Keeps a text of right-to-left letters apart from its surroundings (Unicode Bidirectional Algorithm). */
    private static String isolated(String text) {
        return Bidi.requiresBidi(text.toCharArray(), 0, text.length()) ? "\u2068" + text + "\u2069" : text;
    }
}
