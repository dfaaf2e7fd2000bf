package dev.freshet.content.article;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Requests for single articles, as every API makes them. Results fail with the problem to report to the client.
 *
 * <p>An {@code ifMatch} has the form of the header If-Match, such as {@code "3"} with its quotes. Without it, a change fails
 * with {@link Problem#VERSION_REQUIRED}.
 */
@Component
public final class ArticleRequests {

    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Articles articles;
    private final DraftReader drafts;
    private final ArticleCreation creation;
    private final ContentFactory contents;

    ArticleRequests(Articles articles, DraftReader drafts, ArticleCreation creation, ContentFactory contents) {
        this.articles = articles;
        this.drafts = drafts;
        this.creation = creation;
        this.contents = contents;
    }

    /**
     * Creates an article.
     *
     * @param key the idempotency key; null for none
     * @param content the JSON of an {@link ArticleDraft}
     */
    public Mono<CommitResult<RecordedResponse>> create(Caller caller, @Nullable String key, JsonNode content) {
        return Mono.defer(() -> {
            var draft = drafts.read(content);
            return creation.create(caller.account(), draft, idempotency(caller, key, draft));
        });
    }

    private Idempotency.@Nullable Request idempotency(Caller caller, @Nullable String key, ArticleDraft draft) {
        if (key == null) {
            return null;
        }
        if (!IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw Problem.invalid(
                    List.of(new Invalid("Idempotency-Key", "must have 1 to 255 visible ASCII characters")));
        }
        return new Idempotency.Request(caller.account().id(), key, drafts.digest(draft));
    }

    /**
     * Reads an article that the caller may see.
     *
     * @param caller null for an anonymous client
     */
    public Mono<Article> read(UUID id, @Nullable Caller caller) {
        return articles.read(id, caller);
    }

    /**
     * Replaces the content of an article.
     *
     * @param content the JSON of an {@link ArticleDraft}
     */
    public Mono<CommitResult<Article>> replace(UUID id, Caller caller, @Nullable String ifMatch, JsonNode content) {
        return Mono.defer(() -> {
            var versions = IfMatch.parse(ifMatch);
            var draft = drafts.read(content);
            return articles.update(id, caller, versions, article -> Mono.just(draft));
        });
    }

    /**
     * Changes fields of an article.
     *
     * @param patch a JSON Merge Patch (RFC 7396) of an {@link ArticleDraft}
     */
    public Mono<CommitResult<Article>> patch(UUID id, Caller caller, @Nullable String ifMatch, JsonNode patch) {
        return Mono.defer(() -> articles.update(
                id,
                caller,
                IfMatch.parse(ifMatch),
                article -> keepsSummary(article, patch).map(keeps -> drafts.patch(article, keeps, patch))));
    }

    /** Returns whether a patch keeps the summary: a summary derived from the old body is derived again from a new one. */
    private Mono<Boolean> keepsSummary(Article article, JsonNode patch) {
        return patch.has("body")
                ? contents.hasDerivedSummary(article.content()).map(derived -> !derived)
                : Mono.just(true);
    }

    /** Withdraws an article permanently. */
    public Mono<CommitResult<Article>> withdraw(UUID id, Caller caller, @Nullable String ifMatch) {
        return Mono.defer(() -> articles.withdraw(id, caller, IfMatch.parse(ifMatch)));
    }

    /** Publishes an article now, unless it is already published. */
    public Mono<CommitResult<Article>> publish(UUID id, Caller caller, @Nullable String ifMatch) {
        return Mono.defer(() -> articles.publish(id, caller, IfMatch.parse(ifMatch)));
    }

    /** Makes an editor the owner of an article, so that the editor's imports change it. */
    public Mono<Void> takeOver(UUID id, Caller caller) {
        return articles.takeOver(id, caller);
    }
}
