package dev.freshet.content.article;

import dev.freshet.content.article.FirstSpellings.Spelled;
import dev.freshet.identity.account.Account;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.trace.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Creates articles, by group commit. A repeated request with the same idempotency key gets the first response. */
@Component
class ArticleCreation {

    private static final int MAX_GROUP_SIZE = 100;
    private static final int MAX_GROUP_CHARACTERS = 2_000_000;

    private final ArticleWriter writer;
    private final ContentFactory contents;
    private final Idempotency idempotency;
    private final JsonMapper json;
    private final Tracing tracing;
    private final GroupCommit<Creation, CommitResult<Boolean>> groups;

    ArticleCreation(
            ArticleWriter writer,
            ContentFactory contents,
            Idempotency idempotency,
            JsonMapper json,
            ArticleSettings settings,
            MeterRegistry meters,
            Tracing tracing) {
        this.writer = writer;
        this.contents = contents;
        this.idempotency = idempotency;
        this.json = json;
        this.tracing = tracing;
        this.groups = new GroupCommit<>(
                new GroupCommit.Limits(
                        settings.publishing().waiting(),
                        MAX_GROUP_SIZE,
                        MAX_GROUP_CHARACTERS,
                        settings.publishing().longest()),
                Creation::characters,
                this::createAll,
                error -> error instanceof ProblemException
                        || StoreErrors.mayBeCausedByOneRow(error)
                        || StoreErrors.isConflict(error));
        Gauge.builder("freshet.publishing.waiting", groups, GroupCommit::queued)
                .description("New articles that wait to be written")
                .register(meters);
    }

    /** Creates an article, or returns the response of an earlier request with the same key. */
    Mono<CommitResult<RecordedResponse>> create(
            Account account, ArticleDraft draft, Idempotency.@Nullable Request request) {
        return contents.createSpelledByCache(draft, Byline.of(account)).flatMap(spelled -> {
            var creation = create(account, draft, request, spelled);
            // The check of the names has failed, unless another transaction was in the way.
            return spelled.isCertain()
                    ? creation
                    : creation.onErrorResume(
                            ConcurrencyFailureException.class,
                            conflict -> contents.spell(spelled.content())
                                    .flatMap(content -> create(account, draft, request, new Spelled(content, true))));
        });
    }

    private Mono<CommitResult<RecordedResponse>> create(
            Account account, ArticleDraft draft, Idempotency.@Nullable Request request, Spelled spelled) {
        return Mono.defer(() -> {
            var content = spelled.content();
            var publication = Publication.initial(draft, Articles.now());
            var change = ArticleChange.create(account.id(), content.canonicalUrl(), content, publication);
            var article = change.after().article();
            var response = new RecordedResponse(
                    article.id(), HttpStatus.CREATED.value(), IfMatch.etag(article), json.writeValueAsString(article));
            var recorded = request == null ? change : change.recordedAs(new RecordedRequest(request, response));
            return commit(recorded, response, !spelled.isCertain())
                    .doOnNext(committed -> {
                        if (committed.value() && !spelled.isCertain()) {
                            contents.rememberSpelling(content, publication.status() == Status.PUBLISHED);
                        }
                    })
                    .flatMap(committed -> result(committed, recorded, response));
        });
    }

    private Mono<CommitResult<Boolean>> commit(ArticleChange change, RecordedResponse response, boolean checksNames) {
        return tracing.span(
                "publish",
                tracing.withParent(span -> groups.commit(new Creation(change.tracedBy(span), response, checksNames))));
    }

    /** Returns the response to the creation, or that to an earlier request with the same key. */
    private Mono<CommitResult<RecordedResponse>> result(
            CommitResult<Boolean> committed, ArticleChange change, RecordedResponse response) {
        if (committed.value()) {
            return Mono.just(new CommitResult<>(response, committed.cursor()));
        }
        var recorded = change.recorded();
        var earlier = recorded == null ? Mono.<RecordedResponse>empty() : idempotency.earlier(recorded.request());
        return earlier.switchIfEmpty(
                        Mono.error(() -> change.after().article().content().canonicalUrl() == null
                                ? Problem.UNAVAILABLE.because("The Idempotency-Key is expiring. Retry the request.")
                                : Articles.exists(null)))
                .map(found -> new CommitResult<>(found, committed.cursor()));
    }

    /** @param checksNames whether the spelling of a name is not certain */
    private record Creation(ArticleChange change, RecordedResponse response, boolean checksNames) {

        long characters() {
            return 2L * response.body().length();
        }
    }

    /** Commits a group; returns whether each article was created. Its key or its canonical URL may exist already. */
    private Mono<List<CommitResult<Boolean>>> createAll(List<Creation> creations) {
        return writer.create(
                        creations.stream().map(Creation::change).toList(),
                        creations.stream().anyMatch(Creation::checksNames))
                .map(result -> creations.stream()
                        .map(creation ->
                                result.changed().contains(creation.response().articleId()))
                        .map(created -> new CommitResult<>(created, result.last()))
                        .toList())
                .onErrorMap(DuplicateKeyException.class, Articles::exists);
    }
}
