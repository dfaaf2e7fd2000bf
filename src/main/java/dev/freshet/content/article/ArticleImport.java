package dev.freshet.content.article;

import dev.freshet.content.article.ImportBatch.Item;
import dev.freshet.content.article.ImportBatch.PositionedResult;
import dev.freshet.identity.account.Account;
import dev.freshet.log.feedlog.AppendResult;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Imports articles in batches. Importing the same articles again changes nothing. */
@Component
public class ArticleImport {

    private static final Logger log = LoggerFactory.getLogger(ArticleImport.class);
    private static final int RENDER_CONCURRENCY = 8;
    private static final int MAX_ORIGIN_BYTES = 2000;
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(20);
    private static final int MAX_RETRIES = 5;

    private final ArticleStore store;
    private final ArticleWriter writer;
    private final ContentFactory contents;
    private final DraftValidator validator;

    ArticleImport(ArticleStore store, ArticleWriter writer, ContentFactory contents, DraftValidator validator) {
        this.store = store;
        this.writer = writer;
        this.contents = contents;
        this.validator = validator;
    }

    /**
     * Validates and renders a batch, which can be done while an earlier one is written. Short bodies are rendered on the
     * caller's thread.
     *
     * @param account the owner, and the author of articles that name none
     */
    public Mono<ImportBatch> prepare(Account account, List<ImportedArticle> batch) {
        return Flux.fromStream(() -> IntStream.range(0, batch.size())
                        .mapToObj(position -> new Item(position, batch.get(position), null, "")))
                .flatMapSequential(item -> prepare(item, Byline.of(account)), RENDER_CONCURRENCY)
                .collectList()
                .flatMap(this::spell)
                .map(ImportBatch::new);
    }

    /**
     * Writes a batch by one statement; 50 to 200 articles are efficient. An invalid article is rejected and does not
     * affect the others.
     *
     * <p>An article is recognised by its origin among the articles of the account, otherwise by its canonical URL if that
     * is its origin. If a batch contains an origin twice, the later article wins. A new article without {@code
     * publishedAt} is published now. An update without status or time keeps the stored values.
     *
     * @param owner the account that owns the articles; articles of other accounts stay as they are
     * @return a result per article in the order of the batch, after all are committed. Fails if the store is
     *     unavailable or the lease of the batch has ended; a part of the batch may then be written, and importing it
     *     again is safe
     */
    public Flux<ImportResult> write(UUID owner, ImportBatch batch) {
        return Flux.fromIterable(batch.withUniqueOrigins())
                .concatMap(part -> writePart(new Target(owner, batch.lease(), batch.leavesOutOwn()), part))
                .collectList()
                .flatMapIterable(results -> results.stream()
                        .sorted(Comparator.comparingInt(PositionedResult::position))
                        .map(PositionedResult::result)
                        .toList());
    }

    /** Prepares and writes a batch. */
    Flux<ImportResult> importAll(Account account, List<ImportedArticle> batch) {
        return prepare(account, batch).flatMapMany(prepared -> write(account.id(), prepared));
    }

    private Mono<List<Item>> spell(List<Item> items) {
        return contents.spell(items.stream()
                        .map(Item::content)
                        .filter(Objects::nonNull)
                        .toList())
                .map(List::iterator)
                .map(spelled -> items.stream()
                        .map(item -> item.content() == null ? item : item.withContent(spelled.next()))
                        .toList());
    }

    private Mono<Item> prepare(Item item, Byline byline) {
        var fault = fault(item.imported());
        if (!fault.isEmpty()) {
            return Mono.just(item.withFault(fault));
        }
        return contents.createUnspelled(item.imported().draft(), byline)
                .map(item::withContent)
                .onErrorResume(ProblemException.class, problem -> Mono.just(item.withFault(reason(problem))));
    }

    private String fault(ImportedArticle imported) {
        var origin = imported.origin();
        if (origin.isBlank()
                || !DraftValidator.isText(origin)
                || origin.getBytes(StandardCharsets.UTF_8).length > MAX_ORIGIN_BYTES) {
            return "its URL or id must have 1 to 2000 bytes of text";
        }
        return validator.faults(imported.draft()).stream().map(Object::toString).collect(Collectors.joining("; "));
    }

    /**
     * The place of a batch.
     *
     * @param lease the lease under which its articles are written; null for none
     * @param leavesOutOwn whether articles of this server are left out
     */
    private record Target(UUID owner, @Nullable ImportLease lease, boolean leavesOutOwn) {}

    private Flux<PositionedResult> writePart(Target target, List<Item> part) {
        return Mono.defer(() -> readAndWrite(target, part))
                .retryWhen(Retry.backoff(MAX_RETRIES, FIRST_RETRY_DELAY).filter(StoreErrors::isConflict))
                .onErrorMap(Exceptions::isRetryExhausted, error -> error.getCause() == null ? error : error.getCause())
                .flatMapIterable(results -> results)
                .onErrorResume(
                        error -> StoreErrors.mayBeCausedByOneRow(error)
                                || (part.size() > 1 && StoreErrors.isConflict(error)),
                        error -> writeHalves(target, part, error));
    }

    /** Writes the halves of a part, until a row that the database refuses stands alone. */
    private Flux<PositionedResult> writeHalves(Target target, List<Item> part, Throwable error) {
        if (part.size() == 1) {
            var item = part.getFirst();
            log.warn(
                    "The database refused an imported article: {}",
                    item.imported().origin(),
                    error);
            return Flux.just(item.rejected("the database refused it"));
        }
        var middle = part.size() / 2;
        return Flux.concat(
                writePart(target, part.subList(0, middle)), writePart(target, part.subList(middle, part.size())));
    }

    private Mono<List<PositionedResult>> readAndWrite(Target target, List<Item> part) {
        var origins = part.stream()
                .filter(item -> item.content() != null)
                .flatMap(item -> Stream.of(
                        item.imported().origin(), item.imported().draft().canonicalUrl()))
                .filter(Objects::nonNull)
                .toList();
        return Mono.zip(store.find(target.owner(), origins).collectList(), own(target, part))
                .flatMap(found -> {
                    var stored = new StoredArticles(found.getT1());
                    var changes = new ArrayList<ArticleChange>();
                    var now = Articles.now();
                    var results = part.stream()
                            .map(item -> {
                                var known = stored.find(item.imported());
                                var id = item.programId();
                                return known == null
                                                && id != null
                                                && found.getT2().contains(id)
                                        ? item.result(new ImportResult.Unchanged(
                                                item.imported().line(), id))
                                        : apply(target.owner(), item, known, changes, now);
                            })
                            .toList();
                    return changes.isEmpty()
                            ? Mono.just(results)
                            : write(changes, target.lease()).thenReturn(results);
                });
    }

    /** Returns the ids of a part that articles of this server have, if those are left out. */
    private Mono<Set<UUID>> own(Target target, List<Item> part) {
        var ids = part.stream().map(Item::programId).filter(Objects::nonNull).collect(Collectors.toSet());
        return target.leavesOutOwn() && !ids.isEmpty()
                ? store.existing(ids).collect(Collectors.toSet())
                : Mono.just(Set.of());
    }

    private Mono<AppendResult> write(List<ArticleChange> changes, @Nullable ImportLease lease) {
        return writer.write(changes, lease)
                .filter(written -> lease == null || !written.changed().isEmpty())
                .switchIfEmpty(Mono.error(() ->
                        Problem.UNAVAILABLE.because("The claim on the source has ended. Another import continues.")));
    }

    /** Adds the change that an article causes, if any, and returns its result. */
    private static PositionedResult apply(
            UUID owner, Item item, @Nullable StoredArticle stored, List<ArticleChange> changes, Instant now) {
        var content = item.content();
        if (content == null) {
            return item.rejected(item.fault());
        }
        try {
            return stored == null
                    ? create(owner, item, content, changes, now)
                    : update(item, content, stored, changes, now);
        } catch (ProblemException problem) {
            return item.rejected(reason(problem));
        }
    }

    private static PositionedResult create(
            UUID owner, Item item, ArticleContent content, List<ArticleChange> changes, Instant now) {
        var imported = item.imported();
        var publication = Publication.imported(imported.draft(), now);
        var change = ArticleChange.create(owner, imported.origin(), content, publication);
        changes.add(change);
        return item.result(new ImportResult.Created(
                imported.line(), change.after().article().id()));
    }

    private static PositionedResult update(
            Item item, ArticleContent content, StoredArticle stored, List<ArticleChange> changes, Instant now) {
        var article = stored.article();
        if (article.status() == Status.WITHDRAWN) {
            return item.rejected("withdrawn earlier, and a withdrawal is final");
        }
        var imported = item.imported();
        var publication = article.publication().next(imported.draft(), now);
        var change =
                ArticleChange.update(stored, content.withSlug(article.content().slug()), publication);
        if (change == null) {
            return item.result(new ImportResult.Unchanged(imported.line(), article.id()));
        }
        // The origin stays the same, even if the canonical URL changes.
        changes.add(change.withOrigin(stored.origin() == null ? imported.origin() : stored.origin()));
        return item.result(new ImportResult.Updated(imported.line(), article.id()));
    }

    /** The articles that a batch may update. */
    private static final class StoredArticles {

        private final Map<String, StoredArticle> byOrigin = new HashMap<>();
        private final Map<String, StoredArticle> byUrl = new HashMap<>();

        StoredArticles(List<StoredArticle> oldestFirst) {
            for (var stored : oldestFirst) {
                if (stored.origin() != null) {
                    byOrigin.put(stored.origin(), stored);
                }
                var url = stored.article().content().canonicalUrl();
                if (url != null) {
                    byUrl.putIfAbsent(url, stored);
                }
            }
        }

        @Nullable
        StoredArticle find(ImportedArticle imported) {
            var stored = byOrigin.get(imported.origin());
            var url = imported.draft().canonicalUrl();
            if (stored != null || url == null) {
                return stored;
            }
            // An article of an earlier import without an id has its URL as origin. Only one with an id may be the same.
            return imported.origin().equals(url) ? byUrl.get(url) : byOrigin.remove(url);
        }
    }

    private static String reason(ProblemException problem) {
        return String.valueOf(problem.getBody().getDetail());
    }
}
