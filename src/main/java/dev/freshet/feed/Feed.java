package dev.freshet.feed;

import dev.freshet.log.feedlog.Condition;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.NameKey;
import dev.freshet.search.SearchQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter over published articles; all given conditions must match. It has the same meaning in pages, replay and live
 * streams. Its lists are sorted and distinct {@linkplain NameKey keys}, so equal selections are equal feeds.
 *
 * @param tags keys of tags of which an article has any; empty for no condition
 * @param authors keys of authors; an article by any of them matches; empty for no condition
 * @param sources keys of sources, of which any is the article's; empty for no condition
 * @param q a search in the syntax of {@link SearchQuery}
 * @param followedBy the account whose followed feed it is; visible only to it
 * @param excluded names that no article of the feed has
 * @param languages the languages of its articles
 */
public record Feed(
        List<String> tags,
        List<String> authors,
        List<String> sources,
        @Nullable String q,
        @Nullable UUID followedBy,
        NameSet excluded,
        Languages languages) {

    /** The feed of all articles. */
    public static final Feed ALL = new Feed(List.of(), List.of(), List.of(), null, null, NameSet.NONE, Languages.ALL);

    public Feed {
        tags = keys(tags);
        authors = keys(authors);
        sources = keys(sources);
        excluded = excluded.equals(NameSet.NONE)
                ? excluded
                : new NameSet(keys(excluded.tags()), keys(excluded.authors()), keys(excluded.sources()));
        q = blankToNull(q);
    }

    /** Creates a feed with at most one value per condition, which is the same for all readers. */
    public Feed(@Nullable String tag, @Nullable String author, @Nullable String source, @Nullable String q) {
        this(listOf(tag), listOf(author), listOf(source), q, null, NameSet.NONE, Languages.ALL);
    }

    /** Returns the part of this feed that an account follows. */
    public Feed followedBy(UUID account) {
        return new Feed(tags, authors, sources, q, account, excluded, languages);
    }

    /** Returns this feed without the articles that have any of these names. */
    public Feed without(NameSet names) {
        return new Feed(tags, authors, sources, q, followedBy, names, languages);
    }

    /** Returns the part of this feed that has these languages. */
    public Feed in(Languages selected) {
        return new Feed(tags, authors, sources, q, followedBy, excluded, selected);
    }

    /** Returns whether matches are ranked. */
    public boolean isSearch() {
        return q != null;
    }

    /** Returns whether only one account may see the feed. */
    public boolean isPersonal() {
        return followedBy != null;
    }

    /** Returns whether only the database can tell which pages of the feed changed. */
    public boolean isInStore() {
        return isSearch() || isPersonal();
    }

    /** Returns the feed of the same names, without further conditions. It contains all articles of this feed. */
    public Feed ofNames() {
        return new Feed(tags, authors, sources, null, null, NameSet.NONE, Languages.ALL);
    }

    /** Returns the number of tags, authors, sources and languages, with the excluded ones. */
    int values() {
        return tags.size()
                + authors.size()
                + sources.size()
                + excluded.tags().size()
                + excluded.authors().size()
                + excluded.sources().size()
                + languages.any().size()
                + languages.none().size();
    }

    /** Returns whether a condition has several values. */
    public boolean isUnion() {
        return tags.size() > 1 || authors.size() > 1 || sources.size() > 1;
    }

    /** Returns feeds with at most one value per condition, of which {@link #ofNames} is the union. */
    public List<Feed> parts() {
        if (!isUnion()) {
            return List.of(ofNames());
        }
        var parts = new ArrayList<Feed>();
        for (var tag : orNull(tags)) {
            for (var author : orNull(authors)) {
                for (var source : orNull(sources)) {
                    parts.add(new Feed(tag, author, source, null));
                }
            }
        }
        return parts;
    }

    private static List<@Nullable String> orNull(List<String> values) {
        return values.isEmpty() ? Collections.singletonList(null) : new ArrayList<@Nullable String>(values);
    }

    /**
     * Returns the effect of an event on this feed, without regard to the search, which {@link FeedRule} tests too. {@link
     * #condition} is the same rule in SQL.
     */
    public FeedEffect effect(LogEntry event) {
        return FeedEffect.of(matches(event.before()), event.type() != EventType.WITHDRAWN && matches(event.now()));
    }

    /** Returns whether the facets of an article match, without regard to the search; false for null. */
    boolean matches(@Nullable Facets facets) {
        return facets != null
                && (tags.isEmpty() || tags.stream().anyMatch(facets.tags()::contains))
                && (authors.isEmpty() || authors.contains(facets.author()))
                && (sources.isEmpty() || sources.contains(facets.source()))
                && !excluded.containsAnyOf(facets)
                && languages.contain(facets.language());
    }

    /** Returns all feeds with at most one value per condition that contain an article with these facets. */
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

    /** Returns {@link #effect} as a condition over the rows of the feed log, with the search and what the account follows. */
    public Condition condition() {
        return FeedCondition.of(this);
    }

    /** Returns the query parameters that name this feed, in canonical order; may be empty. */
    public String parameters() {
        var parameters = new StringJoiner("&");
        tags.forEach(tag -> add(parameters, "tag", tag));
        authors.forEach(author -> add(parameters, "author", author));
        sources.forEach(source -> add(parameters, "source", source));
        languages.any().forEach(language -> add(parameters, "language", language));
        excluded.tags().forEach(tag -> add(parameters, "not.tag", tag));
        excluded.authors().forEach(author -> add(parameters, "not.author", author));
        excluded.sources().forEach(source -> add(parameters, "not.source", source));
        languages.none().forEach(language -> add(parameters, "not.language", language));
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

    private static List<String> listOf(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }

    private static List<String> keys(List<String> names) {
        // Each event creates several feeds, whose lists have one name at most.
        if (names.isEmpty()) {
            return List.of();
        }
        if (names.size() == 1) {
            var name = names.getFirst().strip();
            return name.isEmpty() ? List.of() : List.of(NameKey.of(name));
        }
        return names.stream()
                .filter(name -> !name.isBlank())
                .map(name -> NameKey.of(name.strip()))
                .sorted()
                .distinct()
                .toList();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
