package dev.freshet.content.article;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** What can be done with an article, each in one transaction: lock, check, write, tell the log. */
@Component
class Articles {

    private static final int DUE_AT_ONCE = 100;
    private static final int CREATED_AT_ONCE = 100;
    private static final int CHARACTERS_AT_ONCE = 2_000_000;

    private final ArticleStore store;
    private final ArticleWriter writer;
    private final ContentFactory composer;
    private final Idempotency idempotency;
    private final TransactionalOperator transactions;
    private final JsonMapper json;
    private final GroupCommit<Creation, CommitResult<RecordedResponse>> creations;

    Articles(
            ArticleStore store,
            ArticleWriter writer,
            ContentFactory composer,
            Idempotency idempotency,
            TransactionalOperator transactions,
            JsonMapper json,
            ArticleSettings settings,
            MeterRegistry meters) {
        this.store = store;
        this.writer = writer;
        this.composer = composer;
        this.idempotency = idempotency;
        this.transactions = transactions;
        this.json = json;
        this.creations = new GroupCommit<>(
                new GroupCommit.Limits(
                        settings.publishing().waiting(),
                        CREATED_AT_ONCE,
                        CHARACTERS_AT_ONCE,
                        settings.publishing().longest()),
                Creation::characters,
                this::createAll,
                error -> error instanceof ProblemException
                        || StoreErrors.mayBeOneRow(error)
                        || StoreErrors.mayPassNextTime(error));
        Gauge.builder("freshet.publishing.waiting", creations, GroupCommit::waiting)
                .description("New articles that wait to be written")
                .register(meters);
    }

    /** Makes a draft an article, or gives the answer to the same request again. */
    Mono<CommitResult<RecordedResponse>> create(
            Account account, ArticleDraft draft, Idempotency.@Nullable Request request) {
        return composer.compose(draft, account.name()).flatMap(content -> {
            var now = now();
            var change = ArticleChange.create(
                    account.id(), content.canonicalUrl(), content, Publication.begin(draft, now), now);
            var article = change.after().article();
            var answer = new RecordedResponse(
                    article.id(), HttpStatus.CREATED.value(), IfMatch.etag(article), json.writeValueAsString(article));
            return creations.commit(new Creation(change, answer, request));
        });
    }

    private record Creation(ArticleChange change, RecordedResponse answer, Idempotency.@Nullable Request request) {

        long characters() {
            return 2L * answer.body().length();
        }
    }

    private Mono<List<CommitResult<RecordedResponse>>> createAll(List<Creation> creations) {
        var requests = new LinkedHashMap<Idempotency.Request, RecordedResponse>();
        var keyed = 0;
        for (var creation : creations) {
            if (creation.request() != null) {
                keyed++;
                requests.put(creation.request(), creation.answer());
            }
        }
        if (requests.size() < keyed) {
            // Apart, the second finds the first one's answer.
            return Mono.error(Problem.UNAVAILABLE.because("The same request comes twice at this very moment."));
        }
        var created = idempotency.remember(requests).flatMap(earlier -> {
            var changes = new ArrayList<ArticleChange>();
            var answers = new ArrayList<RecordedResponse>();
            for (var creation : creations) {
                var known = creation.request() == null ? null : earlier.get(creation.request());
                if (known == null) {
                    changes.add(creation.change());
                }
                answers.add(known == null ? creation.answer() : known);
            }
            return CommitResult.after(writer.write(changes), answers)
                    .map(group -> group.value().stream()
                            .map(answer -> new CommitResult<>(answer, group.cursor()))
                            .toList());
        });
        return transactions.transactional(created).onErrorMap(DuplicateKeyException.class, Articles::exists);
    }

    /**
     * An article as somebody may see it.
     *
     * @param caller who reads; null for anybody
     */
    Mono<Article> read(UUID id, @Nullable Caller caller) {
        return store.find(id)
                .switchIfEmpty(Mono.error(Articles::notFound))
                .map(stored -> visible(stored, caller != null && maySeeDrafts(caller) ? caller : null)
                        .article());
    }

    /**
     * Changes an article to what a draft says.
     *
     * @param draft makes the draft from the article as it is
     */
    Mono<CommitResult<Article>> change(
            UUID id, Caller caller, IfMatch ifMatch, Function<Article, Mono<ArticleDraft>> draft) {
        return step(
                id,
                caller,
                ifMatch,
                stored -> draft.apply(stored.article())
                        .flatMap(wanted -> composer.compose(wanted, author(stored, caller))
                                .mapNotNull(content -> {
                                    var now = now();
                                    var article = stored.article();
                                    var kept = wanted.slug() == null ? content.withSlug(article.slug()) : content;
                                    return ArticleChange.update(
                                            stored, kept, Publication.next(article, wanted, now), now);
                                })));
    }

    /** Publishes an article now, unless it is published already. */
    Mono<CommitResult<Article>> publish(UUID id, Caller caller, IfMatch ifMatch) {
        return step(id, caller, ifMatch, stored -> {
            var now = now();
            return stored.isSeen() ? Mono.empty() : Mono.just(ArticleChange.move(stored, Status.PUBLISHED, now, now));
        });
    }

    /** Withdraws an article for good. */
    Mono<CommitResult<Article>> withdraw(UUID id, Caller caller, IfMatch ifMatch) {
        return step(id, caller, ifMatch, stored -> {
            // The time tells from now on whether readers ever saw it.
            var publishedAt = stored.isSeen() ? stored.article().publishedAt() : null;
            return Mono.just(ArticleChange.move(stored, Status.WITHDRAWN, publishedAt, now()));
        });
    }

    /** Publishes scheduled articles that are due, each once whatever the number of instances. */
    Mono<Void> publishDue() {
        var some = store.lockDue(DUE_AT_ONCE).collectList().flatMap(due -> {
            var now = now();
            var changes = due.stream()
                    .map(stored -> ArticleChange.move(
                            stored, Status.PUBLISHED, stored.article().publishedAt(), now))
                    .toList();
            return changes.isEmpty() ? Mono.just(0) : writer.write(changes).thenReturn(changes.size());
        });
        return transactions
                .transactional(some)
                .repeat()
                .takeUntil(published -> published < DUE_AT_ONCE)
                .then();
    }

    private Mono<CommitResult<Article>> step(
            UUID id, Caller caller, IfMatch ifMatch, Function<StoredArticle, Mono<ArticleChange>> step) {
        var locked = store.lock(id)
                .switchIfEmpty(Mono.error(Articles::notFound))
                .flatMap(stored -> {
                    visible(stored, caller);
                    if (!mayChange(stored, caller)) {
                        throw Problem.FORBIDDEN.because(
                                "The article belongs to another account: that one and editors change it.");
                    }
                    ifMatch.check(stored.article());
                    return step.apply(stored)
                            .flatMap(change -> CommitResult.after(
                                    writer.write(List.of(change)),
                                    change.after().article()))
                            .defaultIfEmpty(new CommitResult<>(stored.article(), null));
                });
        return transactions.transactional(locked).onErrorMap(DuplicateKeyException.class, Articles::exists);
    }

    /** Who wrote it where the article doesn't say. */
    private static String author(StoredArticle stored, Caller caller) {
        var isOwner = stored.owner().equals(caller.account().id());
        return isOwner ? caller.account().name() : stored.article().author();
    }

    private static boolean mayChange(StoredArticle stored, Caller caller) {
        return stored.owner().equals(caller.account().id()) || caller.isAtLeast(Role.EDITOR);
    }

    private static boolean maySeeDrafts(Caller caller) {
        return caller.scopes().contains(Scope.ARTICLES_READ) || caller.scopes().contains(Scope.ARTICLES_WRITE);
    }

    private static StoredArticle visible(StoredArticle stored, @Nullable Caller caller) {
        var article = stored.article();
        var mayChange = caller != null && mayChange(stored, caller);
        return switch (article.status()) {
            case PUBLISHED -> stored;
            case DRAFT, SCHEDULED -> {
                if (!mayChange) {
                    throw notFound();
                }
                yield stored;
            }
            case WITHDRAWN -> {
                var wasSeen = article.publishedAt() != null;
                throw wasSeen || mayChange
                        ? Problem.ARTICLE_WITHDRAWN.because("The article was withdrawn.")
                        : notFound();
            }
        };
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static RuntimeException notFound() {
        return Problem.ARTICLE_NOT_FOUND.because("There is no article of this id that you may see.");
    }

    private static RuntimeException exists(Throwable duplicate) {
        return Problem.ARTICLE_EXISTS.because("There is an article with this canonicalUrl already.");
    }
}
