package dev.freshet.graphql;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleRequests;
import dev.freshet.content.article.CommitResult;
import dev.freshet.identity.account.Caller;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Single articles. */
@Component
final class ArticleResource implements GraphQlResource {

    /** A change of an article with a version. */
    @FunctionalInterface
    private interface Change {
        Mono<CommitResult<Article>> apply(UUID id, Caller caller, String ifMatch);
    }

    private final ArticleRequests articles;
    private final JsonMapper json;

    ArticleResource(ArticleRequests articles, JsonMapper json) {
        this.articles = articles;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of("article", this::article);
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "createArticle",
                this::create,
                "replaceArticle",
                environment -> change(
                        environment,
                        (id, caller, ifMatch) -> articles.replace(id, caller, ifMatch, draft(environment, "input"))),
                "changeArticle",
                environment -> change(
                        environment,
                        (id, caller, ifMatch) -> articles.patch(id, caller, ifMatch, draft(environment, "changes"))),
                "publishArticle",
                environment -> change(environment, articles::publish),
                "withdrawArticle",
                this::withdraw,
                "takeOverArticle",
                this::takeOver);
    }

    private Mono<Map<String, @Nullable Object>> article(DataFetchingEnvironment environment) {
        return articles.read(id(environment), Call.of(environment).caller()).map(ArticleFields::of);
    }

    private static UUID id(DataFetchingEnvironment environment) {
        return Arguments.id(environment, Problem.ARTICLE_NOT_FOUND);
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
        return change.apply(id(environment), Call.of(environment).requireCaller(), "\"" + version + "\"");
    }

    private Mono<Map<String, @Nullable Object>> takeOver(DataFetchingEnvironment environment) {
        var id = id(environment);
        return articles.takeOver(id, Call.of(environment).requireCaller())
                .then(Mono.fromSupplier(() -> payload(id, null, null)));
    }

    /** Returns the JSON of a draft: an absent field stays absent, and a null stays null. */
    private JsonNode draft(DataFetchingEnvironment environment, String argument) {
        var input = Arguments.object(environment, argument);
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
