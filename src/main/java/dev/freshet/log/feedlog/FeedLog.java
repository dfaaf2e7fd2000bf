package dev.freshet.log.feedlog;

import dev.freshet.platform.store.Columns;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The append-only table of events. Its seq has no gaps and its order is commit order, so completeness can be checked:
 * the next seq is the last plus one.
 *
 * <p>Safe for use by any thread; results arrive on the database driver's event loop. Uses {@code DatabaseClient}, since
 * the append and the selections are single statements that no repository can express.
 */
public final class FeedLog {

    /** The NOTIFY channel of commits, with the payload {@code <seq> <instance>}. A hint: it may be lost. */
    public static final String CHANNEL = "feed_log";

    private static final int PRUNED_BATCH = 10_000;

    // One statement, so that the clock's lock is taken last and held for one commit only.
    private static final String APPEND = """
            with batch as (
                select b.*, a.search, a.was_search
                from json_to_recordset(cast(:batch as json)) as b(
                    ord int, type text, article_id uuid, tags text[], author text, source text,
                    was_tags text[], was_author text, was_source text, article text, content text)
                join article a on a.id = b.article_id
            ), tick as (
                update feed_clock set seq = seq + :count, at = greatest(at, clock_timestamp())
                returning epoch, seq, at
            ), written as (
                insert into feed_log (seq, at, type, article_id, tags, author, source, search,
                        was_tags, was_author, was_source, was_search, article, content)
                select tick.seq - :count + b.ord, tick.at, b.type, b.article_id, b.tags, b.author, b.source,
                        case when b.type <> 'article.withdrawn' then b.search end,
                        b.was_tags, b.was_author, b.was_source,
                        case when b.was_author is not null then b.was_search end,
                        b.article, b.content
                from batch b cross join tick
                returning seq
            )
            select epoch, seq, (select count(*) from written) as written,
                pg_notify('feed_log', seq || ' ' || :instance)
            from tick""";

    private final DatabaseClient writes;
    private final DatabaseClient reads;
    private final JsonMapper json;
    private final UUID instance;
    private final List<CommitListener> listeners;

    FeedLog(
            DatabaseClient writes,
            DatabaseClient reads,
            JsonMapper json,
            UUID instance,
            List<CommitListener> listeners) {
        this.writes = writes;
        this.reads = reads;
        this.json = json;
        this.instance = instance;
        this.listeners = List.copyOf(listeners);
    }

    /** Returns the id of this instance in the hints of its commits. */
    public UUID instance() {
        return instance;
    }

    /**
     * Appends events in the caller's transaction, in the given order, with one update of the clock. It must be the last
     * statement of that transaction, since it holds the clock until the commit. A withdrawal removes the content of the
     * article's earlier entries.
     *
     * @param entries at least one
     * @return the cursor of the last one
     */
    public Mono<Cursor> append(List<NewEntry> entries) {
        var withdrawn = entries.stream()
                .filter(entry -> entry.type() == EventType.WITHDRAWN)
                .map(NewEntry::articleId)
                .toArray(UUID[]::new);
        var appended = writes.sql(APPEND)
                .bind("batch", json.writeValueAsString(LogRows.ofBatch(entries)))
                .bind("count", entries.size())
                .bind("instance", instance.toString())
                .map(row -> {
                    if (Columns.number(row, "written") != entries.size()) {
                        throw new IllegalStateException("An event's article was not written before it");
                    }
                    return new Cursor(Columns.number(row, "epoch"), Columns.number(row, "seq"));
                })
                .one()
                .delayUntil(last -> TransactionSynchronizationManager.forCurrentTransaction()
                        .doOnNext(transaction -> transaction.registerSynchronization(notifyListeners(last, entries))));
        return withdrawn.length == 0 ? appended : removeContent(withdrawn).then(appended);
    }

    private TransactionSynchronization notifyListeners(Cursor last, List<NewEntry> entries) {
        return new TransactionSynchronization() {
            @Override
            public Mono<Void> afterCommit() {
                return Mono.fromRunnable(() -> listeners.forEach(each -> each.committed(last, entries)));
            }
        };
    }

    private Mono<Long> removeContent(UUID[] articles) {
        return writes.sql("""
                        update feed_log set content = null, article = format(:stub, article_id)
                        where article_id = any(:articles)""")
                .bind("stub", LogEntry.STUB)
                .bind("articles", articles)
                .fetch()
                .rowsUpdated();
    }

    /** Reads the present extent of the log. */
    public Mono<Extent> extent() {
        return reads.sql("""
                        select epoch, seq, coalesce((select min(seq) from feed_log), seq + 1) as first
                        from feed_clock""")
                .map(row -> new Extent(
                        Columns.number(row, "epoch"), Columns.number(row, "first"), Columns.number(row, "seq")))
                .one();
    }

    /**
     * Reads entries with content, in order and without a gap.
     *
     * @param after the seq after which to begin
     * @param limit the maximum number of entries
     */
    public Flux<LogEntry> read(long after, int limit) {
        return reads.sql("select " + LogRows.COLUMNS
                        + ", content from feed_log where seq > :after order by seq limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map(LogRows::entry)
                .all();
    }

    /**
     * Reads the entries in a range of the log that a condition selects, in order.
     *
     * @param after the seq after which to begin
     * @param to the last seq of the range
     * @param limit the maximum number of entries
     * @param content whether to read the content too
     */
    public Flux<SelectedEntry> select(long after, long to, int limit, Condition condition, boolean content) {
        var sql = "select " + LogRows.COLUMNS + (content ? ", content" : ", null as content") + ", "
                + condition.staysOrEnters() + " as stays from feed_log where seq > :after and seq <= :to and "
                + condition.concerned() + " order by seq limit :limit";
        return reads.sql(sql)
                .bind("after", after)
                .bind("to", to)
                .bind("limit", limit)
                .bindValues(condition.values())
                .map(row ->
                        new SelectedEntry(LogRows.entry(row), !Boolean.TRUE.equals(row.get("stays", Boolean.class))))
                .all();
    }

    /** Returns the position before the first event at or after a time; the end of the log for a time in the future. */
    public Mono<Cursor> before(Instant time) {
        return reads.sql("""
                        select epoch, coalesce(
                            (select seq - 1 from feed_log where at >= :time order by at, seq limit 1), seq) as seq
                        from feed_clock""")
                .bind("time", time)
                .map(row -> new Cursor(Columns.number(row, "epoch"), Columns.number(row, "seq")))
                .one();
    }

    /**
     * Starts a new epoch after a restore, unless another instance did. All earlier cursors then get a reset.
     *
     * @param old the epoch that was found invalid
     * @return whether this call started it
     */
    public Mono<Boolean> startEpoch(long old) {
        return writes.sql("""
                        update feed_clock set epoch = (epoch + 1 + (random() * 65535)::bigint) % 4294967296
                        where epoch = :old""").bind("old", old).fetch().rowsUpdated().map(rows -> rows == 1);
    }

    /**
     * Deletes entries older than a time. A cursor before them then gets a reset.
     *
     * @return the number of deleted entries
     */
    public Mono<Long> prune(Instant olderThan) {
        var batch = writes.sql("""
                        delete from feed_log where seq <= (select seq from (
                            select seq from feed_log where seq <=
                                (select seq from feed_log where at < :time order by at desc, seq desc limit 1)
                            order by seq limit :limit) oldest order by seq desc limit 1)""")
                .bind("time", olderThan)
                .bind("limit", PRUNED_BATCH)
                .fetch()
                .rowsUpdated();
        // In batches, so that no statement exceeds its time limit.
        return batch.expand(deleted -> deleted < PRUNED_BATCH ? Mono.empty() : batch)
                .reduce(0L, Long::sum);
    }
}
