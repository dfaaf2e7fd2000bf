package dev.freshet.content.article;

import dev.freshet.identity.account.Account;
import dev.freshet.platform.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    private final ArticleStore store;
    private final ArticleWriter writer;
    private final ContentFactory contents;
    private final Idempotency idempotency;
    private final JsonMapper json;
    private final GroupCommit<Creation, CommitResult<Boolean>> groups;

    ArticleCreation(
            ArticleStore store,
            ArticleWriter writer,
            ContentFactory contents,
            Idempotency idempotency,
            JsonMapper json,
            ArticleSettings settings,
            MeterRegistry meters) {
        this.store = store;
        this.writer = writer;
        this.contents = contents;
        this.idempotency = idempotency;
        this.json = json;
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
        return contents.create(draft, Byline.of(account)).flatMap(content -> {
            var publication = Publication.initial(draft, Articles.now());
            var change = ArticleChange.create(account.id(), content.canonicalUrl(), content, publication);
            var article = change.after().article();
            var response = new RecordedResponse(
                    article.id(), HttpStatus.CREATED.value(), IfMatch.etag(article), json.writeValueAsString(article));
            var creation = request == null
                    ? groups.commit(new Creation(change, response))
                            .map(committed -> new CommitResult<>(response, committed.cursor()))
                    : groups.commit(new Creation(change.recordedAs(new RecordedRequest(request, response)), response))
                            .flatMap(committed -> response(committed, request, response));
            // A repeated request gets its first response.
            return content.canonicalUrl() == null || request != null
                    ? creation
                    : store.hasCanonicalUrl(account.id(), content.canonicalUrl(), article.id())
                            .flatMap(taken -> taken ? Mono.error(Articles.exists(null)) : creation);
        });
    }

    private Mono<CommitResult<RecordedResponse>> response(
            CommitResult<Boolean> committed, Idempotency.Request request, RecordedResponse response) {
        return committed.value()
                ? Mono.just(new CommitResult<>(response, committed.cursor()))
                : idempotency.earlier(request).map(earlier -> new CommitResult<>(earlier, committed.cursor()));
    }

    private record Creation(ArticleChange change, RecordedResponse response) {

        long characters() {
            return 2L * response.body().length();
        }
    }

    /** Commits a group; returns whether each article was created. Another request with its key may have been earlier. */
    private Mono<List<CommitResult<Boolean>>> createAll(List<Creation> creations) {
        return writer.write(creations.stream().map(Creation::change).toList())
                .map(result -> creations.stream()
                        .map(creation ->
                                result.changed().contains(creation.response().articleId()))
                        .map(created -> new CommitResult<>(created, result.last()))
                        .toList())
                .onErrorMap(DuplicateKeyException.class, Articles::exists);
    }
}
