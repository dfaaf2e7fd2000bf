package dev.freshet.content.article;

import dev.freshet.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Takes in articles from elsewhere, many at a time. Importing the same again changes nothing. */
@Component
public class ArticleImport {

    private static final Logger log = LoggerFactory.getLogger(ArticleImport.class);

    private static final int RENDERED_AT_ONCE = 8;
    private static final int MAX_ORIGIN_BYTES = 2000;
    private static final Duration FIRST_RETRY = Duration.ofMillis(20);
    private static final int RETRIES = 5;

    private final ArticleStore store;
    private final ArticleWriter writer;
    private final ContentFactory composer;
    private final DraftValidator check;
    private final TransactionalOperator transactions;

    ArticleImport(
            ArticleStore store,
            ArticleWriter writer,
            ContentFactory composer,
            DraftValidator check,
            TransactionalOperator transactions) {
        this.store = store;
        this.writer = writer;
        this.composer = composer;
        this.check = check;
        this.transactions = transactions;
    }

    /**
     * Imports a batch in one transaction; a batch of about 50 to 200 is quick. What is wrong with one article rejects
     * that article and leaves the others alone. Articles are recognised by their origin; of two with one origin in a
     * batch, the later one wins as if it came in a later batch. An article that has no {@code publishedAt} is published
     * now, and keeps its time when it comes again; one whose status or time is left out keeps what it has.
     *
     * @param owner the account that owns what is created; articles of others are not touched
     * @return an outcome for each article in the order of the batch, once all are committed; an error when the store
     *     can't be reached, and then nothing or a part of the batch was imported: importing it again is safe
     */
    public Flux<ImportResult> importAll(UUID owner, Ready batch) {
        return Flux.fromIterable(waves(batch.articles()))
                .concatMap(wave -> importWave(owner, wave))
                .collectList()
                .flatMapIterable(done -> done.stream()
                        .sorted(Comparator.comparingInt(Done::place))
                        .map(Done::outcome)
                        .toList());
    }

    /** Checks, renders and imports a batch. */
    public Flux<ImportResult> importAll(UUID owner, String ownerName, List<ImportedArticle> batch) {
        return ready(ownerName, batch).flatMapMany(ready -> importAll(owner, ready));
    }

    /**
     * Checks and renders a batch, which can be done while an earlier one is imported. Rendering takes the caller's
     * thread.
     *
     * @param ownerName the author of articles that name none
     */
    public Mono<Ready> ready(String ownerName, List<ImportedArticle> batch) {
        return Flux.fromIterable(batch.stream().map(Numbered.counting()).toList())
                .flatMapSequential(numbered -> prepare(numbered, ownerName), RENDERED_AT_ONCE)
                .collectList()
                .map(Ready::new);
    }

    /** A batch that is ready to be imported. */
    public static final class Ready {

        private final List<Prepared> articles;

        private Ready(List<Prepared> articles) {
            this.articles = articles;
        }

        private List<Prepared> articles() {
            return articles;
        }
    }

    /** An article and its place in the batch. */
    private record Numbered(int place, ImportedArticle imported) {

        static Function<ImportedArticle, Numbered> counting() {
            var count = new int[1];
            return imported -> new Numbered(count[0]++, imported);
        }

        Done rejected(String reason) {
            return new Done(place, new ImportResult.Rejected(imported.line(), reason));
        }
    }

    /**
     * What is ready to be imported.
     *
     * @param content null when it can't be
     * @param fault why it can't be
     */
    private record Prepared(Numbered numbered, @Nullable ArticleContent content, String fault) {}

    private record Done(int place, ImportResult outcome) {}

    private Mono<Prepared> prepare(Numbered numbered, String ownerName) {
        var fault = fault(numbered.imported());
        if (!fault.isEmpty()) {
            return Mono.just(new Prepared(numbered, null, fault));
        }
        return composer.compose(numbered.imported().draft(), ownerName)
                .map(content -> new Prepared(numbered, content, ""))
                .onErrorResume(
                        ProblemException.class, problem -> Mono.just(new Prepared(numbered, null, reason(problem))));
    }

    private String fault(ImportedArticle imported) {
        var origin = imported.origin();
        if (origin.isBlank()
                || !DraftValidator.isText(origin)
                || origin.getBytes(StandardCharsets.UTF_8).length > MAX_ORIGIN_BYTES) {
            return "its URL or id must have 1 to 2000 bytes of text";
        }
        return check.faults(imported.draft()).stream().map(Object::toString).collect(Collectors.joining("; "));
    }

    /** Parts such that no origin is twice in one. */
    private static List<List<Prepared>> waves(List<Prepared> batch) {
        var waves = new ArrayList<List<Prepared>>();
        var rest = batch;
        while (!rest.isEmpty()) {
            var seen = new HashSet<String>();
            var isFirst = rest.stream()
                    .collect(Collectors.partitioningBy(
                            prepared -> seen.add(prepared.numbered().imported().origin())));
            waves.add(isFirst.getOrDefault(true, List.of()));
            rest = isFirst.getOrDefault(false, List.of());
        }
        return waves;
    }

    private Flux<Done> importWave(UUID owner, List<Prepared> wave) {
        return transactions
                .transactional(Mono.defer(() -> write(owner, wave)))
                // Another import of the same articles was quicker, or waits for what this one holds.
                .retryWhen(Retry.backoff(RETRIES, FIRST_RETRY).filter(StoreErrors::mayPassNextTime))
                .onErrorMap(
                        reactor.core.Exceptions::isRetryExhausted,
                        error -> error.getCause() == null ? error : error.getCause())
                .flatMapIterable(done -> done)
                .onErrorResume(StoreErrors::mayBeOneRow, error -> divide(owner, wave, error));
    }

    /** Imports a wave in halves, so that a row that the database refuses takes no other with it. */
    private Flux<Done> divide(UUID owner, List<Prepared> wave, Throwable error) {
        if (wave.size() == 1) {
            var numbered = wave.getFirst().numbered();
            log.warn(
                    "An imported article was refused by the database: {}",
                    numbered.imported().origin(),
                    error);
            return Flux.just(numbered.rejected("the database refused it"));
        }
        var middle = wave.size() / 2;
        return Flux.concat(
                importWave(owner, wave.subList(0, middle)), importWave(owner, wave.subList(middle, wave.size())));
    }

    private Mono<List<Done>> write(UUID owner, List<Prepared> wave) {
        var origins = wave.stream()
                .filter(prepared -> prepared.content() != null)
                .map(prepared -> prepared.numbered().imported().origin())
                .toList();
        return store.lock(origins).collectList().flatMap(stored -> {
            var known = new HashMap<String, StoredArticle>();
            stored.forEach(article -> known.put(String.valueOf(article.origin()), article));
            var changes = new ArrayList<ArticleChange>();
            var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            var done = wave.stream()
                    .map(prepared -> decide(owner, prepared, known, changes, now))
                    .toList();
            return changes.isEmpty() ? Mono.just(done) : writer.write(changes).thenReturn(done);
        });
    }

    private static Done decide(
            UUID owner, Prepared prepared, Map<String, StoredArticle> known, List<ArticleChange> changes, Instant now) {
        var numbered = prepared.numbered();
        var content = prepared.content();
        if (content == null) {
            return numbered.rejected(prepared.fault());
        }
        var imported = numbered.imported();
        var stored = known.get(imported.origin());
        try {
            if (stored == null) {
                var life = Publication.imported(imported.draft(), now);
                var change = ArticleChange.create(owner, imported.origin(), content, life, now);
                changes.add(change);
                var id = change.after().article().id();
                return new Done(numbered.place(), new ImportResult.Created(imported.line(), id));
            }
            return again(owner, numbered, content, stored, changes, now);
        } catch (ProblemException problem) {
            return numbered.rejected(reason(problem));
        }
    }

    private static Done again(
            UUID owner,
            Numbered numbered,
            ArticleContent content,
            StoredArticle stored,
            List<ArticleChange> changes,
            Instant now) {
        var article = stored.article();
        if (!stored.owner().equals(owner)) {
            return numbered.rejected("belongs to another account");
        }
        if (article.status() == Status.WITHDRAWN) {
            return numbered.rejected("withdrawn before, and a withdrawal is final");
        }
        var imported = numbered.imported();
        var life = Publication.next(article, imported.draft(), now);
        var change = ArticleChange.update(stored, content.withSlug(article.slug()), life, now);
        if (change == null) {
            return new Done(numbered.place(), new ImportResult.Unchanged(imported.line(), article.id()));
        }
        // It stays known by what it was known by, whatever its canonical URL becomes.
        changes.add(new ArticleChange(stored, new StoredArticle(change.after().article(), owner, imported.origin())));
        return new Done(numbered.place(), new ImportResult.Updated(imported.line(), article.id()));
    }

    private static String reason(ProblemException problem) {
        return String.valueOf(problem.getBody().getDetail());
    }
}
