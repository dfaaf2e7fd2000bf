package dev.freshet.content.article;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.feed.FeedKind;
import dev.freshet.platform.NameKey;
import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.Readable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The spellings in which names were first written. All articles show these. They never change, so they are cached
 * without an end. Uses {@code DatabaseClient}, since one statement reads three tables. Safe for use by any thread.
 */
@Component
class FirstSpellings {

    private static final int MAX_CACHED = 50_000;

    private final DatabaseClient client;
    private final Cache<Name, String> cache =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    // Tags that exist since this instance wrote them, and whose first spelling is not known.
    private final Cache<Name, Boolean> addedTags =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    FirstSpellings(DatabaseClient client) {
        this.client = client;
        // Loads the tables of letters, which are read from files, before an event loop needs them.
        NameKey.of("É");
    }

    private record Name(FeedKind kind, String key) {

        static Name of(FeedKind kind, String name) {
            return new Name(kind, NameKey.of(name));
        }
    }

    /**
     * A content with names in their first spelling, as far as it is cached.
     *
     * @param isCertain whether all names were cached; other names keep their own spelling
     */
    record Spelled(ArticleContent content, boolean isCertain) {}

    /** Returns the content with names in their cached spelling. */
    Spelled applyCached(ArticleContent content) {
        var names = names(content).distinct().toList();
        var known = cache.getAllPresent(names);
        return new Spelled(apply(List.of(content), known).getFirst(), known.size() == names.size());
    }

    /**
     * Caches the names of a new article, whose spelling was checked when it was written.
     *
     * @param isPublished whether it is published; the spelling of a tag counts from then on
     */
    void add(ArticleContent content, boolean isPublished) {
        cache.put(Name.of(FeedKind.AUTHOR, content.author()), content.author());
        cache.put(Name.of(FeedKind.SOURCE, content.source()), content.source());
        if (isPublished) {
            content.tags().forEach(this::addTag);
        }
    }

    /** Two concurrent articles may both add a tag. So only the check of a later article finds its spelling. */
    private void addTag(String tag) {
        var name = Name.of(FeedKind.TAG, tag);
        if (addedTags.asMap().putIfAbsent(name, true) != null) {
            cache.put(name, tag);
        }
    }

    /** Returns the content with names in their first spelling. A new name keeps its own. */
    Mono<ArticleContent> apply(ArticleContent content) {
        return apply(List.of(content)).map(List::getFirst);
    }

    /** Returns the contents in their order, with names in their first spelling. A new name keeps its own. */
    Mono<List<ArticleContent>> apply(List<ArticleContent> contents) {
        var known = new HashMap<Name, String>();
        var unknown = new HashSet<Name>();
        contents.stream().flatMap(FirstSpellings::names).distinct().forEach(name -> {
            var spelling = cache.getIfPresent(name);
            if (spelling == null) {
                unknown.add(name);
            } else {
                known.put(name, spelling);
            }
        });
        return unknown.isEmpty()
                ? Mono.just(apply(contents, known))
                : read(unknown).map(found -> {
                    cache.putAll(found);
                    known.putAll(found);
                    return apply(contents, known);
                });
    }

    private static Stream<Name> names(ArticleContent content) {
        return Stream.concat(
                content.tags().stream().map(tag -> Name.of(FeedKind.TAG, tag)),
                Stream.of(Name.of(FeedKind.AUTHOR, content.author()), Name.of(FeedKind.SOURCE, content.source())));
    }

    private static List<ArticleContent> apply(List<ArticleContent> contents, Map<Name, String> spellings) {
        return contents.stream()
                .map(content -> content.withNames(
                        content.tags().stream()
                                .map(tag -> spelling(FeedKind.TAG, tag, spellings))
                                .toList(),
                        spelling(FeedKind.AUTHOR, content.author(), spellings),
                        spelling(FeedKind.SOURCE, content.source(), spellings)))
                .toList();
    }

    private static String spelling(FeedKind kind, String name, Map<Name, String> spellings) {
        return spellings.getOrDefault(Name.of(kind, name), name);
    }

    private Mono<Map<Name, String>> read(Set<Name> names) {
        return client.sql("""
                        select 'tag' as kind, key, name from tag where key = any (:tags)
                        union all select 'author', key, name from author where key = any (:authors)
                        union all select 'source', key, name from source where key = any (:sources)""")
                .bind("tags", keys(FeedKind.TAG, names))
                .bind("authors", keys(FeedKind.AUTHOR, names))
                .bind("sources", keys(FeedKind.SOURCE, names))
                .map(row -> Map.entry(name(row), Columns.require(row, "name", String.class)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Name name(Readable row) {
        var kind = Objects.requireNonNull(FeedKind.of(Columns.require(row, "kind", String.class)));
        return new Name(kind, Columns.require(row, "key", String.class));
    }

    private static String[] keys(FeedKind kind, Set<Name> names) {
        return names.stream().filter(name -> name.kind() == kind).map(Name::key).toArray(String[]::new);
    }
}
