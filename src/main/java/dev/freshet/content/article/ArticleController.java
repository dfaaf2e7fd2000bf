package dev.freshet.content.article;

import dev.freshet.feed.SurrogateKeys;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Creates, reads, changes and withdraws single articles. */
@RestController
@RequestMapping("/api/v1/articles")
@Tag(name = "Articles")
class ArticleController {

    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Articles articles;
    private final DraftReader drafts;
    private final ArticleCreation creation;
    private final ContentFactory contents;
    private final CdnSettings cdn;

    ArticleController(
            Articles articles, ArticleCreation creation, DraftReader drafts, ContentFactory contents, CdnSettings cdn) {
        this.articles = articles;
        this.drafts = drafts;
        this.creation = creation;
        this.contents = contents;
        this.cdn = cdn;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Create
    Mono<ResponseEntity<String>> create(
            @CurrentCaller Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody JsonNode content) {
        var draft = drafts.read(content);
        return creation.create(caller.account(), draft, idempotency(caller, key, draft))
                .map(committed -> {
                    var recorded = committed.value();
                    return ResponseEntity.status(recorded.status())
                            .location(URI.create("/api/v1/articles/" + recorded.articleId()))
                            .header(HttpHeaders.ETAG, recorded.etag())
                            .headers(headers -> setCursor(headers, committed))
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(recorded.body());
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

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Read
    Mono<ResponseEntity<Article>> read(@PathVariable UUID id, @CurrentCaller @Nullable Caller caller) {
        return articles.read(id, caller).map(article -> {
            var response = ok(article).varyBy(HttpHeaders.AUTHORIZATION);
            if (caller == null && article.status() == Status.PUBLISHED) {
                response.headers(
                        headers -> cdn.headers(SurrogateKeys.ofArticle(id)).forEach(headers::set));
            }
            return response.body(article);
        });
    }

    @PutMapping(
            path = "/{id}",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Replace
    Mono<ResponseEntity<Article>> replace(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode content) {
        var versions = IfMatch.parse(ifMatch);
        var draft = drafts.read(content);
        return articles.update(id, caller, versions, article -> Mono.just(draft))
                .map(ArticleController::response);
    }

    @PatchMapping(path = "/{id}", consumes = MERGE_PATCH, produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Patch
    Mono<ResponseEntity<Article>> patch(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode content) {
        var versions = IfMatch.parse(ifMatch);
        return articles.update(
                        id,
                        caller,
                        versions,
                        article -> keepsSummary(article, content).map(keeps -> drafts.patch(article, keeps, content)))
                .map(ArticleController::response);
    }

    /** Returns whether a patch keeps the summary: a summary derived from the old body is derived again from a new one. */
    private Mono<Boolean> keepsSummary(Article article, JsonNode patch) {
        return patch.has("body")
                ? contents.hasDerivedSummary(article.content()).map(derived -> !derived)
                : Mono.just(true);
    }

    @DeleteMapping("/{id}")
    @ArticleOperations.Withdraw
    Mono<ResponseEntity<Void>> withdraw(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var versions = IfMatch.parse(ifMatch);
        return articles.withdraw(id, caller, versions)
                .map(committed -> ResponseEntity.noContent()
                        .headers(headers -> setCursor(headers, committed))
                        .build());
    }

    @PostMapping(path = "/{id}/publish", produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Publish
    Mono<ResponseEntity<Article>> publish(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var versions = IfMatch.parse(ifMatch);
        return articles.publish(id, caller, versions).map(ArticleController::response);
    }

    @PutMapping("/{id}/owner")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @ArticleOperations.TakeOver
    Mono<Void> takeOver(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return articles.takeOver(id, caller);
    }

    private static ResponseEntity<Article> response(CommitResult<Article> committed) {
        return ok(committed.value())
                .headers(headers -> setCursor(headers, committed))
                .body(committed.value());
    }

    /** Sets the position from which pages show the change; the page parameter {@code cursor} accepts it. */
    private static void setCursor(HttpHeaders headers, CommitResult<?> committed) {
        if (committed.cursor() != null) {
            headers.set("Freshet-Cursor", committed.cursor().toString());
        }
    }

    private static ResponseEntity.BodyBuilder ok(Article article) {
        return ResponseEntity.ok()
                .eTag(IfMatch.etag(article))
                .cacheControl(
                        article.status() == Status.PUBLISHED
                                ? CacheControl.noCache()
                                : CacheControl.noCache().cachePrivate());
    }
}
