package dev.freshet.content.article;

import dev.freshet.feed.SurrogateKeys;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.http.CdnSettings;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.UUID;
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

    private final ArticleRequests articles;
    private final CdnSettings cdn;

    ArticleController(ArticleRequests articles, CdnSettings cdn) {
        this.articles = articles;
        this.cdn = cdn;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Create
    Mono<ResponseEntity<String>> create(
            @CurrentCaller Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody JsonNode content) {
        return articles.create(caller, key, content).map(committed -> {
            var recorded = committed.value();
            return ResponseEntity.status(recorded.status())
                    .location(URI.create("/api/v1/articles/" + recorded.articleId()))
                    .header(HttpHeaders.ETAG, recorded.etag())
                    .headers(headers -> setCursor(headers, committed))
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(recorded.body());
        });
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
        return articles.replace(id, caller, ifMatch, content).map(ArticleController::response);
    }

    @PatchMapping(path = "/{id}", consumes = MERGE_PATCH, produces = MediaType.APPLICATION_JSON_VALUE)
    @ArticleOperations.Patch
    Mono<ResponseEntity<Article>> patch(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode content) {
        return articles.patch(id, caller, ifMatch, content).map(ArticleController::response);
    }

    @DeleteMapping("/{id}")
    @ArticleOperations.Withdraw
    Mono<ResponseEntity<Void>> withdraw(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return articles.withdraw(id, caller, ifMatch)
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
        return articles.publish(id, caller, ifMatch).map(ArticleController::response);
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
