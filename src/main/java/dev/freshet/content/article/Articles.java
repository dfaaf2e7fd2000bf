package dev.freshet.content.article;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.trace.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Reads and changes existing articles. A change reads the article, checks it, and writes it if it is still the same, with
 * its event. Otherwise the change begins again.
 */
@Component
class Articles {

    private static final int SCHEDULED_BATCH_SIZE = 100;

    private final ArticleStore store;
    private final ArticleWriter writer;
    private final ContentFactory contents;
    private final DueTimer timer;
    private final Tracing tracing;

    Articles(ArticleStore store, ArticleWriter writer, ContentFactory contents, DueTimer timer, Tracing tracing) {
        this.store = store;
        this.writer = writer;
        this.contents = contents;
        this.timer = timer;
        this.tracing = tracing;
    }

    /**
     * Reads an article that the caller may see.
     *
     * @param caller null for an anonymous client
     */
    Mono<Article> read(UUID id, @Nullable Caller caller) {
        return store.find(id)
                .switchIfEmpty(Mono.error(ArticleAccess::notFound))
                .map(stored -> ArticleAccess.checkRead(stored, caller));
    }

    /**
     * Replaces the content of an article by that of a draft.
     *
     * @param draft creates the draft from the current article
     */
    Mono<CommitResult<Article>> update(
            UUID id, Caller caller, IfMatch ifMatch, Function<Article, Mono<ArticleDraft>> draft) {
        return change(
                id,
                caller,
                ifMatch,
                stored -> draft.apply(stored.article())
                        .flatMap(wanted -> contents.create(wanted, byline(stored, caller))
                                .mapNotNull(content -> {
                                    var old = stored.article();
                                    var newContent = wanted.slug() == null
                                            ? content.withSlug(old.content().slug())
                                            : content;
                                    return ArticleChange.update(
                                            stored,
                                            newContent,
                                            old.publication().next(wanted, now()));
                                })));
    }

    /** Publishes an article now, unless it is already published. */
    Mono<CommitResult<Article>> publish(UUID id, Caller caller, IfMatch ifMatch) {
        return change(id, caller, ifMatch, stored -> {
            var now = now();
            return stored.published()
                    ? Mono.empty()
                    : Mono.just(ArticleChange.move(stored, Status.PUBLISHED, now, now));
        });
    }

    /** Withdraws an article permanently. */
    Mono<CommitResult<Article>> withdraw(UUID id, Caller caller, IfMatch ifMatch) {
        return change(id, caller, ifMatch, stored -> {
            // A withdrawn article keeps its time only if it was published.
            var publishedAt =
                    stored.published() ? stored.article().publication().publishedAt() : null;
            return Mono.just(ArticleChange.move(stored, Status.WITHDRAWN, publishedAt, now()));
        });
    }

    /** Publishes due articles if the timer has elapsed, and sets it to the next due time. */
    Mono<Void> publishInTime() {
        return Mono.defer(() -> timer.elapse() ? store.untilNextDue() : Mono.empty())
                .flatMap(untilDue -> {
                    timer.add(untilDue);
                    return untilDue.isPositive() ? Mono.<Void>empty() : publishDue();
                })
                .doOnError(failure -> timer.add(Duration.ZERO));
    }

    /** Publishes scheduled articles that are due. Each is published once, whatever the number of instances. */
    Mono<Void> publishDue() {
        var batch = store.findDue(SCHEDULED_BATCH_SIZE).collectList().flatMap(due -> {
            var now = now();
            var changes = due.stream()
                    .map(stored -> ArticleChange.move(
                            stored,
                            Status.PUBLISHED,
                            stored.article().publication().publishedAt(),
                            now))
                    .toList();
            return changes.isEmpty() ? Mono.just(0) : writer.write(changes).thenReturn(changes.size());
        });
        return StoreErrors.retryConflicts(batch)
                .repeat()
                .takeUntil(published -> published < SCHEDULED_BATCH_SIZE)
                .then();
    }

    private Mono<CommitResult<Article>> change(
            UUID id, Caller caller, IfMatch ifMatch, Function<StoredArticle, Mono<ArticleChange>> change) {
        var result = store.find(id)
                .switchIfEmpty(Mono.error(ArticleAccess::notFound))
                .flatMap(stored -> {
                    ArticleAccess.checkChange(stored, caller);
                    ifMatch.check(stored.article());
                    return change.apply(stored)
                            .flatMap(changed -> checkUrl(stored, changed))
                            .flatMap(changed -> CommitResult.after(
                                    tracing.span("publish", writer.write(List.of(changed))),
                                    changed.after().article()))
                            .defaultIfEmpty(new CommitResult<>(stored.article(), null));
                });
        return StoreErrors.retryConflicts(result).onErrorMap(DuplicateKeyException.class, Articles::exists);
    }

    /** Makes an editor the owner of an article, so that the editor's imports change it. */
    Mono<Void> takeOver(UUID id, Caller caller) {
        var taken = store.find(id)
                .switchIfEmpty(Mono.error(ArticleAccess::notFound))
                .doOnNext(stored -> ArticleAccess.checkTakeOver(stored, caller))
                .flatMap(stored -> store.changeOwner(stored, caller.id()))
                .filter(rows -> rows == 1)
                .switchIfEmpty(Mono.error(() -> new OptimisticLockingFailureException("The owner has changed")))
                .then();
        return StoreErrors.retryConflicts(taken).onErrorMap(DuplicateKeyException.class, Articles::exists);
    }

    /** Fails if a change gives an article the canonical URL of another article of its owner. */
    private Mono<ArticleChange> checkUrl(StoredArticle stored, ArticleChange change) {
        var url = change.after().article().content().canonicalUrl();
        return url == null || url.equals(stored.article().content().canonicalUrl())
                ? Mono.just(change)
                : store.hasCanonicalUrl(stored.owner(), url, stored.article().id())
                        .flatMap(taken -> taken ? Mono.error(exists(null)) : Mono.just(change));
    }

    /** Returns the byline of the caller, with the author of someone else's article. */
    private static Byline byline(StoredArticle stored, Caller caller) {
        var byline = Byline.of(caller.account());
        var isOwner = stored.owner().equals(caller.id());
        return isOwner ? byline : new Byline(stored.article().content().author(), byline.isEditor());
    }

    /** Returns the current time in PostgreSQL's precision. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    static RuntimeException exists(@Nullable Throwable duplicate) {
        return Problem.ARTICLE_EXISTS.because(
                "The account already has an article with this canonicalUrl or origin. Change that one instead.");
    }
}
