package dev.freshet.read.page;

import dev.freshet.feed.FeedKind;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * The directory of all feeds, with exact counts at a position of the feed log. The counts are maintained incrementally:
 * reading the directory applies the events since the last read, whatever the number of articles. {@link DirectoryCatchUp}
 * applies many events. Uses {@code DatabaseClient}, since a database function maintains the counts.
 */
@Component
class FeedDirectory {

    private static final String NAME = "case d.kind when 'tag' then (select name from tag where key = d.key)"
            + " when 'author' then (select name from author where key = d.key)"
            + " else (select name from source where key = d.key) end";

    /** Long enough to count some 100,000 articles. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private final DatabaseClient client;
    private final TransactionalOperator transactions;
    private final DirectoryCatchUp catchUp;

    FeedDirectory(
            @Qualifier("pageReads") ConnectionFactory pageReads,
            @Qualifier("pageReadTransactions") TransactionalOperator transactions,
            DirectoryCatchUp catchUp) {
        this.client = DatabaseClient.create(pageReads);
        this.transactions = transactions;
        this.catchUp = catchUp;
    }

    /**
     * Reads a part in one transaction, after updating the counts to its position. Fails with {@link Problem#UNAVAILABLE} if
     * that takes longer than a few seconds; it then continues in the background.
     */
    Mono<DirectoryPart> read(DirectoryQuery query) {
        var caughtUp = Mono.defer(catchUp::run).timeout(MAX_WAIT).onErrorMap(failure -> counting());
        return follow(query)
                .switchIfEmpty(caughtUp.then(Mono.defer(() -> follow(query))))
                .switchIfEmpty(Mono.error(FeedDirectory::counting));
    }

    private static ProblemException counting() {
        return Problem.UNAVAILABLE.because("The articles of the feeds are being counted. Retry later.");
    }

    /** Reads a part at the end of the log; empty if updating the counts takes long. */
    private Mono<DirectoryPart> follow(DirectoryQuery query) {
        var part = client.sql("select epoch, seq, at from feed_directory_follow()")
                .map(row -> new DirectoryPart(
                        List.of(),
                        new Cursor(Columns.require(row, "epoch", Long.class), Columns.require(row, "seq", Long.class)),
                        Columns.require(row, "at", Instant.class),
                        false))
                .one()
                .flatMap(empty -> entries(query)
                        .map(found -> new DirectoryPart(
                                found.stream().limit(query.limit()).toList(),
                                empty.cursor(),
                                empty.changedAt(),
                                found.size() > query.limit())));
        return transactions.transactional(part);
    }

    private Mono<List<DirectoryEntry>> entries(DirectoryQuery query) {
        var after = query.after();
        var kind = query.kind();
        var statement = client.sql("select d.*, coalesce(" + NAME + ", d.key) as name from feed_directory d where true"
                + (kind == null ? "" : " and kind = :kind")
                + (after == null ? "" : " and (-articles, kind, key) > (-:afterArticles, :afterKind, :afterKey)")
                + " order by -articles, kind, key limit :limit");
        statement = statement.bind("limit", query.limit() + 1);
        if (kind != null) {
            statement = statement.bind("kind", kind.toString());
        }
        if (after != null) {
            statement = statement
                    .bind("afterArticles", after.articles())
                    .bind("afterKind", after.kind().toString())
                    .bind("afterKey", after.key());
        }
        return statement.map(FeedDirectory::entry).all().collectList();
    }

    private static DirectoryEntry entry(Readable row) {
        return new DirectoryEntry(
                Objects.requireNonNull(FeedKind.of(Columns.require(row, "kind", String.class))),
                Columns.require(row, "key", String.class),
                Columns.require(row, "name", String.class),
                Columns.require(row, "articles", Long.class),
                Columns.require(row, "changed_at", Instant.class));
    }
}
