package dev.freshet.graphql;

import dev.freshet.content.article.ArticleRequests;
import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.Follow;
import dev.freshet.feed.Follows;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.DirectoryPart;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.PageObjects;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The fields of the type {@code Query}. */
@Component
final class QueryFields {

    private static final int DEFAULT_ARTICLES = 20;
    private static final int DEFAULT_FEEDS = 100;

    private final PageObjects pages;
    private final ArticleRequests articles;
    private final Follows follows;
    private final Filters filters;

    QueryFields(PageObjects pages, ArticleRequests articles, Follows follows, Filters filters) {
        this.pages = pages;
        this.articles = articles;
        this.follows = follows;
        this.filters = filters;
    }

    Map<String, DataFetcher<?>> fields() {
        return Map.of(
                "articles", this::articles,
                "article", this::article,
                "feeds", this::feeds,
                "me", QueryFields::me,
                "following", environment -> following(follows, environment));
    }

    private Mono<Map<String, @Nullable Object>> articles(DataFetchingEnvironment environment) {
        var feed = filters.feed(environment);
        var call = Call.of(environment);
        String after = environment.getArgument("after");
        var content = environment.getSelectionSet().containsAnyOf("**/body", "**/html");
        return pages.page(feed, after, Call.argument(environment, "first", DEFAULT_ARTICLES), content)
                .doOnNext(page -> call.read(feed, page.cursor()))
                .map(page -> connection(page, after != null));
    }

    private static Map<String, @Nullable Object> connection(FeedPage page, boolean hasPrevious) {
        var nodes = page.items().stream().map(ArticleFields::of).toList();
        var cursors = page.keys().stream().map(Object::toString).toList();
        return connection(
                nodes, cursors, page.next() != null, hasPrevious, page.cursor().toString());
    }

    private Mono<Map<String, @Nullable Object>> feeds(DataFetchingEnvironment environment) {
        var call = Call.of(environment);
        String kind = environment.getArgument("kind");
        String after = environment.getArgument("after");
        return pages.directory(
                        kind == null ? null : FeedKind.valueOf(kind),
                        after,
                        Call.argument(environment, "first", DEFAULT_FEEDS))
                .doOnNext(part -> call.read(Feed.ALL, part.cursor()))
                .map(part -> connection(part, after != null));
    }

    private static Map<String, @Nullable Object> connection(DirectoryPart part, boolean hasPrevious) {
        var nodes = part.entries().stream()
                .map(entry -> Map.<String, @Nullable Object>of(
                        "kind", entry.kind().name(),
                        "name", entry.name(),
                        "articles", entry.articles(),
                        "changedAt", entry.changedAt()))
                .toList();
        var cursors = part.entries().stream().map(entry -> entry.partKey()).toList();
        return connection(
                nodes, cursors, part.more(), hasPrevious, part.cursor().toString());
    }

    private static Map<String, @Nullable Object> connection(
            List<Map<String, @Nullable Object>> nodes,
            List<String> cursors,
            boolean hasNext,
            boolean hasPrevious,
            String position) {
        var edges = IntStream.range(0, nodes.size())
                .mapToObj(i -> Map.of("cursor", cursors.get(i), "node", nodes.get(i)))
                .toList();
        var pageInfo = new HashMap<String, @Nullable Object>();
        pageInfo.put("hasNextPage", hasNext);
        pageInfo.put("hasPreviousPage", hasPrevious);
        pageInfo.put("startCursor", cursors.isEmpty() ? null : cursors.getFirst());
        pageInfo.put("endCursor", cursors.isEmpty() ? null : cursors.getLast());
        return Map.of("edges", edges, "nodes", nodes, "pageInfo", pageInfo, "cursor", position);
    }

    private Mono<Map<String, @Nullable Object>> article(DataFetchingEnvironment environment) {
        return articles.read(id(environment), Call.of(environment).caller()).map(ArticleFields::of);
    }

    /** Returns the argument {@code id}. A text that is no id names no article. */
    static UUID id(DataFetchingEnvironment environment) {
        String id = Objects.requireNonNull(environment.getArgument("id"));
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.ARTICLE_NOT_FOUND.because("No article has this id: it is not a UUID.");
        }
    }

    private static @Nullable Map<String, @Nullable Object> me(DataFetchingEnvironment environment) {
        var caller = Call.of(environment).caller();
        if (caller == null) {
            return null;
        }
        var account = new HashMap<String, @Nullable Object>();
        account.put("id", caller.id());
        account.put("name", caller.account().name());
        account.put("email", caller.account().email());
        account.put("role", caller.account().role().name());
        account.put("createdAt", caller.account().createdAt());
        var me = new HashMap<String, @Nullable Object>();
        me.put("account", account);
        me.put("scopes", caller.scopes().stream().map(Object::toString).sorted().toList());
        me.put("expiresAt", caller.expiresAt());
        return me;
    }

    static Mono<List<Map<String, Object>>> following(Follows follows, DataFetchingEnvironment environment) {
        return follows.of(Call.of(environment).requireCaller().id())
                .map(QueryFields::fields)
                .collectList();
    }

    private static Map<String, Object> fields(Follow follow) {
        return Map.of("kind", FeedKind.require(follow.kind()).name(), "name", follow.name(), "since", follow.since());
    }
}
