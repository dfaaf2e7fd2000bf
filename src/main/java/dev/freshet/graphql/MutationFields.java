package dev.freshet.graphql;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleRequests;
import dev.freshet.content.article.CommitResult;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.Follows;
import dev.freshet.identity.account.Caller;
import dev.freshet.log.feedlog.Cursor;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields of the type {@code Mutation}, which call the operations of the JSON API. */
@Component
final class MutationFields {

    /** A change of an article with a version. */
    @FunctionalInterface
    private interface Change {
        Mono<CommitResult<Article>> apply(UUID id, Caller caller, String ifMatch);
    }

    /** A change of what the caller follows. */
    @FunctionalInterface
    private interface FollowChange {
        Mono<Void> apply(UUID account, FeedKind kind, String name);
    }

    private final ArticleRequests articles;
    private final Follows follows;
    private final JsonMapper json;

    MutationFields(ArticleRequests articles, Follows follows, JsonMapper json) {
        this.articles = articles;
        this.follows = follows;
        this.json = json;
    }

    Map<String, DataFetcher<?>> fields() {
        return Map.of(
                "createArticle", this::create,
                "replaceArticle",
                        environment -> change(
                                environment,
                                (id, caller, ifMatch) ->
                                        articles.replace(id, caller, ifMatch, draft(environment, "input"))),
                "changeArticle",
                        environment -> change(
                                environment,
                                (id, caller, ifMatch) ->
                                        articles.patch(id, caller, ifMatch, draft(environment, "changes"))),
                "publishArticle", environment -> change(environment, articles::publish),
                "withdrawArticle", this::withdraw,
                "takeOverArticle", this::takeOver,
                "follow", environment -> follow(environment, follows::add),
                "unfollow", environment -> follow(environment, follows::remove));
    }

    private Mono<Map<String, @Nullable Object>> create(DataFetchingEnvironment environment) {
        return articles.create(
                        Call.of(environment).requireCaller(),
                        environment.getArgument("idempotencyKey"),
                        draft(environment, "input"))
                .map(committed -> payload(
                        committed.value().articleId(),
                        ArticleFields.of(committed.value().body(), json),
                        committed.cursor()));
    }

    private Mono<Map<String, @Nullable Object>> change(DataFetchingEnvironment environment, Change change) {
        return apply(environment, change)
                .map(committed ->
                        payload(committed.value().id(), ArticleFields.of(committed.value()), committed.cursor()));
    }

    private Mono<Map<String, @Nullable Object>> withdraw(DataFetchingEnvironment environment) {
        return apply(environment, articles::withdraw)
                .map(committed -> payload(committed.value().id(), null, committed.cursor()));
    }

    private static Mono<CommitResult<Article>> apply(DataFetchingEnvironment environment, Change change) {
        int version = Objects.requireNonNull(environment.getArgument("version"));
        return change.apply(QueryFields.id(environment), Call.of(environment).requireCaller(), "\"" + version + "\"");
    }

    private Mono<Map<String, @Nullable Object>> takeOver(DataFetchingEnvironment environment) {
        var id = QueryFields.id(environment);
        return articles.takeOver(id, Call.of(environment).requireCaller())
                .then(Mono.fromSupplier(() -> payload(id, null, null)));
    }

    private Mono<List<Map<String, Object>>> follow(DataFetchingEnvironment environment, FollowChange change) {
        return change.apply(
                        Call.of(environment).requireCaller().id(),
                        FeedKind.valueOf(Objects.requireNonNull(environment.getArgument("kind"))),
                        Objects.requireNonNull(environment.getArgument("name")))
                .then(Mono.defer(() -> QueryFields.following(follows, environment)));
    }

    /** Returns the JSON of a draft: an absent field stays absent, and a null stays null. */
    private JsonNode draft(DataFetchingEnvironment environment, String argument) {
        Map<String, @Nullable Object> input = Objects.requireNonNull(environment.getArgument(argument));
        var fields = new HashMap<>(input);
        fields.computeIfPresent(
                "status", (name, status) -> String.valueOf(status).toLowerCase(Locale.ROOT));
        return json.valueToTree(fields);
    }

    private static Map<String, @Nullable Object> payload(
            UUID id, @Nullable Map<String, ? extends @Nullable Object> article, @Nullable Cursor cursor) {
        var payload = new HashMap<String, @Nullable Object>();
        payload.put("id", id);
        payload.put("article", article);
        payload.put("cursor", cursor == null ? null : cursor.toString());
        return payload;
    }
}
