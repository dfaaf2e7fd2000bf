package dev.freshet.feed;

import dev.freshet.log.feedlog.Condition;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter over published articles; all given conditions must match. It has the same meaning in pages, replay and live
 * streams.
 *
 * @param tag a lower-case tag
 * @param author an author's exact name
 * @param source a source's exact name
 * @param q a search in the syntax of PostgreSQL's {@code websearch_to_tsquery}
 * @param followedBy the account whose followed tags, authors and sources the feed selects; visible only to it
 */
public record Feed(
        @Nullable String tag,
        @Nullable String author,
        @Nullable String source,
        @Nullable String q,
        @Nullable UUID followedBy) {

    /** The feed of all articles. */
    public static final Feed ALL = new Feed(null, null, null, null, null);

    public Feed {
        tag = blankToNull(tag);
        tag = tag == null ? null : tag.toLowerCase(Locale.ROOT);
        author = blankToNull(author);
        source = blankToNull(source);
        q = blankToNull(q);
    }

    /** Creates a feed that is the same for all readers. */
    public Feed(@Nullable String tag, @Nullable String author, @Nullable String source, @Nullable String q) {
        this(tag, author, source, q, null);
    }

    /** Returns the part of this feed that an account follows. */
    public Feed followedBy(UUID account) {
        return new Feed(tag, author, source, q, account);
    }

    /** Returns whether matches are ranked. */
    public boolean isSearch() {
        return q != null;
    }

    /** Returns whether only one account may see the feed. */
    public boolean isPersonal() {
        return followedBy != null;
    }

    /** Returns whether only the database can evaluate the feed. */
    public boolean isInStore() {
        return isSearch() || isPersonal();
    }

    /** Returns the feed from which this feed's search selects. */
    public Feed withoutSearch() {
        return q == null ? this : new Feed(tag, author, source, null);
    }

    /**
     * Returns the effect of an event on this feed, without regard to the search. {@link #condition} is the same rule in
     * SQL.
     */
    public FeedEffect effect(LogEntry event) {
        var after = event.type() != EventType.WITHDRAWN && matches(event.now());
        var before = matches(event.before());
        if (after) {
            return before ? FeedEffect.STAYS : FeedEffect.ENTERS;
        }
        return before ? FeedEffect.LEAVES : FeedEffect.NONE;
    }

    private boolean matches(@Nullable Facets facets) {
        return facets != null
                && (tag == null || facets.tags().contains(tag))
                && (author == null || author.equals(facets.author()))
                && (source == null || source.equals(facets.source()));
    }

    /** Returns all feeds without a search that contain an article with these facets. */
    public static Set<Feed> of(Facets facets) {
        var feeds = new HashSet<Feed>();
        for (var tag : nullAnd(facets.tags())) {
            for (var author : nullAnd(List.of(facets.author()))) {
                for (var source : nullAnd(List.of(facets.source()))) {
                    feeds.add(new Feed(tag, author, source, null));
                }
            }
        }
        return feeds;
    }

    private static List<@Nullable String> nullAnd(List<String> values) {
        var all = new ArrayList<@Nullable String>(values);
        all.add(null);
        return all;
    }

    /** Returns {@link #effect} as a condition over the rows of the feed log, with the search. */
    public Condition condition() {
        var now = new ArrayList<String>();
        var before = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        before.add("was_author is not null");
        if (tag != null) {
            now.add(":tag = any (tags)");
            before.add(":tag = any (was_tags)");
            values.put("tag", tag);
        }
        if (author != null) {
            now.add("author = :author");
            before.add("was_author = :author");
            values.put("author", author);
        }
        if (source != null) {
            now.add("source = :source");
            before.add("was_source = :source");
            values.put("source", source);
        }
        if (q != null) {
            now.add("search @@ websearch_to_tsquery('english', :q)");
            before.add("was_search @@ websearch_to_tsquery('english', :q)");
            values.put("q", q);
        }
        if (followedBy != null) {
            now.add(followed("tags", "author", "source"));
            before.add(followed("was_tags", "was_author", "was_source"));
            values.put("reader", followedBy);
        }
        return now.isEmpty()
                ? Condition.ALL
                : new Condition(String.join(" and ", now), String.join(" and ", before), values);
    }

    private static String followed(String tags, String author, String source) {
        var names = "(select name from following where account = :reader and kind = '%s')";
        return "(" + tags + " && array" + names.formatted(FeedKind.TAG)
                + " or " + author + " in " + names.formatted(FeedKind.AUTHOR)
                + " or " + source + " in " + names.formatted(FeedKind.SOURCE) + ")";
    }

    /** Returns the query parameters that name this feed, in canonical order; may be empty. */
    public String parameters() {
        var parameters = new StringJoiner("&");
        add(parameters, "tag", tag);
        add(parameters, "author", author);
        add(parameters, "source", source);
        add(parameters, "q", q);
        add(parameters, "following", followedBy == null ? null : "true");
        return parameters.toString();
    }

    private static void add(StringJoiner parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    /** Returns the address of the page for readers. */
    public String readerPath() {
        var parameters = parameters();
        return parameters.isEmpty() ? "/" : "/?" + parameters;
    }

    /** Describes the selection for readers. */
    public String title() {
        var parts = new StringJoiner(", ");
        if (q != null) {
            parts.add("“" + q + "”");
        }
        if (tag != null) {
            parts.add("#" + tag);
        }
        if (author != null) {
            parts.add("by " + author);
        }
        if (source != null) {
            parts.add("from " + source);
        }
        var all = followedBy == null ? "Newest articles" : "Articles that you follow";
        return parts.length() == 0 ? all : "Articles " + parts;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
