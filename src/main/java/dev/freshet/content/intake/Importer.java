package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleImport;
import dev.freshet.content.article.ArticleStatistics;
import dev.freshet.content.article.ImportBatch;
import dev.freshet.content.article.ImportResult;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.format.ImportEntry;
import dev.freshet.content.format.UnreadableEntryException;
import dev.freshet.identity.account.Account;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Imports entries in batches, in their order, and reports progress. Importing the same entries again changes nothing. Safe
 * for use by any thread.
 */
public final class Importer {

    private static final Logger log = LoggerFactory.getLogger(Importer.class);

    private final ArticleImport articles;
    private final ArticleStatistics statistics;
    private final TimedBatches batches;
    private final Scheduler readers;
    private final int rejectionLimit;

    Importer(
            ArticleImport articles,
            ArticleStatistics statistics,
            TimedBatches batches,
            Scheduler readers,
            int rejectionLimit) {
        this.articles = articles;
        this.statistics = statistics;
        this.batches = batches;
        this.readers = readers;
        this.rejectionLimit = rejectionLimit;
    }

    /**
     * Imports entries and returns the lines of the response. Failures are reported as a line. Cancellation takes effect
     * after the current batch.
     *
     * @param account the owner of new articles, and the author of articles that name none
     */
    Flux<ImportLine> lines(Account account, Import document) {
        return Flux.defer(() -> {
            var tally = new Tally(batches.timer());
            return batches.of(document.entries(), ImportEntry::weight)
                    // The next batch is parsed and rendered while this one is written.
                    .concatMap(batch -> read(account, batch), 1)
                    .concatMap(batch -> store(account, document, batch).map(tally::add), 1)
                    .concatMapIterable(lines -> lines, 1)
                    .startWith(Flux.fromIterable(document.repairs())
                            .map(repair -> tally.repair(new ImportLine.Repair(null, repair))))
                    .concatWith(Mono.defer(() -> statistics.renewAfter(tally.changes()))
                            .then(Mono.fromSupplier(() -> new ImportLine.Done(tally.summary()))))
                    .onErrorResume(error -> Mono.just(new ImportLine.Failed(problem(error, tally.read))));
        });
    }

    /**
     * Imports entries and returns the summary. Fails with a {@link ProblemException}.
     *
     * @param account the owner of new articles, and the author of articles that name none
     */
    public Mono<ImportLine.Summary> summary(Account account, Import document) {
        return summary(account, document, rejectionLimit);
    }

    /** @param listed the maximum number of listed rejections, and that of repairs */
    Mono<ImportLine.Summary> summary(Account account, Import document, int listed) {
        return Flux.defer(() -> {
                    var rejections = new ArrayList<ImportLine.Rejection>();
                    var repairs = new ArrayList<ImportLine.Repair>();
                    return lines(account, document).<ImportLine.Summary>handle((line, sink) -> {
                        switch (line) {
                            case ImportLine.Progress progress -> {
                                // Not a part of the summary.
                            }
                            case ImportLine.Rejected rejected -> {
                                if (rejections.size() < listed) {
                                    rejections.add(rejected.rejected());
                                }
                            }
                            case ImportLine.Repaired repaired -> {
                                if (repairs.size() < listed) {
                                    repairs.add(repaired.repaired());
                                }
                            }
                            case ImportLine.Done done ->
                                sink.next(new ImportLine.Summary(
                                        done.summary().counts(),
                                        done.summary().seconds(),
                                        List.copyOf(rejections),
                                        List.copyOf(repairs)));
                            case ImportLine.Failed failed ->
                                sink.error(Problem.UNAVAILABLE.because(
                                        String.valueOf(failed.error().getDetail())));
                        }
                    });
                })
                .last();
    }

    private Mono<Read> read(Account account, List<ImportEntry> batch) {
        return Mono.fromCallable(() -> batch.stream().map(Importer::read).toList())
                .flatMap(readings -> {
                    var readable = readable(readings);
                    return readable.isEmpty()
                            ? Mono.just(new Read(readings, null))
                            : articles.prepare(account, readable).map(ready -> new Read(readings, ready));
                })
                .subscribeOn(readers);
    }

    private static List<ImportedArticle> readable(List<Reading> batch) {
        var readable = new ArrayList<ImportedArticle>();
        for (var reading : batch) {
            if (reading instanceof Reading.Article article) {
                readable.add(article.article());
            }
        }
        return readable;
    }

    private static Reading read(ImportEntry entry) {
        try {
            return new Reading.Article(entry.read());
        } catch (UnreadableEntryException e) {
            return new Reading.Unreadable(new ImportLine.Rejection(entry.line(), e.reason()));
        } catch (RuntimeException e) {
            // A bug of a parser or a converter must not stop the import.
            log.warn("Reading entry {} of an import failed", entry.line(), e);
            return new Reading.Unreadable(new ImportLine.Rejection(entry.line(), "cannot be read"));
        }
    }

    /** Writes a batch. Cancellation does not interrupt the transaction. */
    private Mono<Stored> store(Account account, Import document, Read batch) {
        var ready = batch.ready();
        if (ready == null) {
            return Mono.just(new Stored(batch.readings(), List.of()));
        }
        return Mono.deferContextual(context -> Mono.fromFuture(
                        () -> articles.write(account.id(), ready.under(document.lease(), document.automatic()))
                                .collectList()
                                .contextWrite(context)
                                .toFuture(),
                        true))
                .map(outcomes -> new Stored(batch.readings(), outcomes));
    }

    private static ProblemDetail problem(Throwable error, long read) {
        if (error instanceof ProblemException known) {
            return known.getBody();
        }
        var after = " The first " + read + " entries were imported. Repeat the import to continue after them.";
        if (error instanceof TransientDataAccessException
                || error instanceof NonTransientDataAccessResourceException
                || error instanceof TransactionException) {
            log.warn("An import ended after {} entries, because the store is unavailable: {}", read, error.toString());
            return Problem.UNAVAILABLE
                    .because("The store is unavailable." + after)
                    .getBody();
        }
        log.error("An import ended after {} entries", read, error);
        return Problem.INTERNAL.because("The import failed." + after).getBody();
    }

    private sealed interface Reading {

        record Article(ImportedArticle article) implements Reading {}

        record Unreadable(ImportLine.Rejection rejection) implements Reading {}
    }

    /** @param ready null if no entry is valid */
    private record Read(List<Reading> readings, @Nullable ImportBatch ready) {}

    private record Stored(List<Reading> batch, List<ImportResult> outcomes) {}

    /** Counts the results of an import. Batches arrive one at a time. */
    private static final class Tally {

        private final Scheduler clock;
        private final long began;
        private long read;
        private long created;
        private long updated;
        private long unchanged;
        private long rejected;
        private long repaired;

        private Tally(Scheduler clock) {
            this.clock = clock;
            this.began = clock.now(TimeUnit.MILLISECONDS);
        }

        private List<ImportLine> add(Stored stored) {
            var lines = new ArrayList<ImportLine>();
            var outcomes = stored.outcomes().iterator();
            for (var reading : stored.batch()) {
                read++;
                switch (reading) {
                    case Reading.Unreadable unreadable -> reject(unreadable.rejection(), lines);
                    case Reading.Article article -> {
                        var imported = article.article();
                        imported.repairs()
                                .forEach(repair -> lines.add(repair(new ImportLine.Repair(imported.line(), repair))));
                        count(imported.line(), outcomes.next(), lines);
                    }
                }
            }
            lines.add(new ImportLine.Progress(counts()));
            return lines;
        }

        private void count(int line, ImportResult outcome, List<ImportLine> lines) {
            switch (outcome) {
                case ImportResult.Created done -> created++;
                case ImportResult.Updated done -> updated++;
                case ImportResult.Unchanged done -> unchanged++;
                case ImportResult.Rejected not -> reject(new ImportLine.Rejection(line, not.reason()), lines);
            }
        }

        private void reject(ImportLine.Rejection rejection, List<ImportLine> lines) {
            rejected++;
            lines.add(new ImportLine.Rejected(rejection));
        }

        private ImportLine repair(ImportLine.Repair repair) {
            repaired++;
            return new ImportLine.Repaired(repair);
        }

        private long changes() {
            return created + updated;
        }

        private ImportLine.Counts counts() {
            return new ImportLine.Counts(read, created, updated, unchanged, rejected, repaired);
        }

        private ImportLine.Summary summary() {
            return new ImportLine.Summary(counts(), (clock.now(TimeUnit.MILLISECONDS) - began) / 1000.0, null, null);
        }
    }
}
