package dev.freshet.graphql;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.DirectoryEntry;
import dev.freshet.read.page.DirectoryPart;
import dev.freshet.read.page.PageObjects;
import dev.freshet.read.page.PageSlice;
import dev.freshet.read.page.PageWindow;
import dev.freshet.read.page.PublicationPeriod;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Pages of articles, and the directory of feeds. */
@Component
final class PageResource implements GraphQlResource {

    private final PageObjects pages;
    private final Filters filters;

    PageResource(PageObjects pages, Filters filters) {
        this.pages = pages;
        this.filters = filters;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of("articles", this::articles, "feeds", this::feeds);
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of();
    }

    private Mono<Map<String, @Nullable Object>> articles(DataFetchingEnvironment environment) {
        var feed = filters.feed(environment);
        var call = Call.of(environment);
        var window = window(environment);
        var document = call.document();
        return pages.page(
                        feed,
                        window,
                        document.selectsAnyOf("body", "html"),
                        document.selectsAnyOf("hasNextPage", "hasPreviousPage"))
                .doOnNext(slice ->
                        call.read(feed, slice.page().cursor(), slice.page().period()))
                .map(PageResource::connection);
    }

    /** A page without a size ends before {@code before} if it has no other bound. */
    private static PageWindow window(DataFetchingEnvironment environment) {
        Integer first = environment.getArgument("first");
        Integer last = environment.getArgument("last");
        String after = environment.getArgument("after");
        String before = environment.getArgument("before");
        if (first != null && last != null) {
            throw Problem.INVALID_REQUEST.because("A page has either first or last. Leave one of them out.");
        }
        var fromEnd = last != null || (first == null && before != null && after == null);
        if (last != null) {
            Objects.requireNonNull(ListSize.of("articles")).check("last", last);
        }
        return PageWindow.of(after, before, last == null ? ListSize.first(environment) : last, fromEnd);
    }

    private static Map<String, @Nullable Object> connection(PageSlice slice) {
        var page = slice.page();
        var connection = Connections.of(
                page.items().stream().map(ArticleFields::of).toList(),
                page.keys(),
                slice.hasPrevious(),
                slice.hasNext());
        connection.put("cursor", page.cursor().toString());
        return connection;
    }

    private Mono<Map<String, @Nullable Object>> feeds(DataFetchingEnvironment environment) {
        var call = Call.of(environment);
        String kind = environment.getArgument("kind");
        String after = environment.getArgument("after");
        return pages.directory(kind == null ? null : FeedKind.valueOf(kind), after, ListSize.first(environment))
                .doOnNext(part -> call.read(Feed.ALL, part.cursor(), PublicationPeriod.ALL))
                .map(part -> connection(part, after != null));
    }

    private static Map<String, @Nullable Object> connection(DirectoryPart part, boolean hasPrevious) {
        var connection = Connections.of(
                part.entries().stream().map(PageResource::fields).toList(),
                part.entries().stream().map(DirectoryEntry::partKey).toList(),
                hasPrevious,
                part.more());
        connection.put("cursor", part.cursor().toString());
        return connection;
    }

    private static Map<String, Object> fields(DirectoryEntry entry) {
        return Map.of(
                "kind", entry.kind().name(),
                "name", entry.name(),
                "articles", entry.articles(),
                "changedAt", entry.changedAt());
    }
}
