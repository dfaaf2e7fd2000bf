package dev.freshet.log.feedlog;

import dev.freshet.platform.store.Columns;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The append-only table of events. Its seq has no gaps and its order is commit order, so completeness can be checked:
 * the next seq is the last plus one.
 *
 * <p>Safe for use by any thread; results arrive on the database driver's event loop. Uses {@code DatabaseClient}, since
 * the append and the selections are single statements that no repository can express.
 */
public final class FeedLog {

    /**
     * The NOTIFY channel of commits. Its payload is {@code <seq> <instance>}. For a small commit, {@code <epoch>} and three
     * lines for each entry follow: JSON of its properties, the article and the content. A hint: it may be lost.
     */
    public static final String CHANNEL = "feed_log";

    private static final int PRUNED_BATCH = 10_000;

    private final DatabaseClient writes;
    private final DatabaseClient reads;
    private final LogAppender appender;
    private final UUID instance;

    FeedLog(DatabaseClient writes, DatabaseClient reads, LogAppender appender, UUID instance) {
        this.writes = writes;
        this.reads = reads;
        this.appender = appender;
        this.instance = instance;
    }

    /** Returns the id of this instance in the hints of its commits. */
    public UUID instance() {
        return instance;
    }

    /**
     * Writes articles and appends their events, in the given order, by one statement in autocommit mode. The clock is
     * locked after all rows. A withdrawal removes the content of the article's earlier entries.
     *
     * <p>All wanted articles are written, or none. An entry whose article is not wanted is left out. The commit listeners
     * are called before the result is emitted. After a cancellation, the outcome is unknown.
     *
     * @param entries may be empty
     * @return fails with a {@link org.springframework.dao.ConcurrencyFailureException} if an article is not as the caller
     *     read it
     */
    public Mono<AppendResult> append(ArticleWrite write, List<NewEntry> entries) {
        return appender.append(write, entries);
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

    /**
     * Reads the words of the entries in a range of the log, in order.
     *
     * @param after the seq after which to begin
     * @param to the last seq of the range
     */
    public Flux<LogWords> words(long after, long to) {
        return reads.sql("""
                        select seq, tsvectorsend(search) as words, tsvectorsend(was_search) as were_words
                        from feed_log where seq > :after and seq <= :to order by seq""")
                .bind("after", after)
                .bind("to", to)
                .map(row -> new LogWords(
                        Columns.number(row, "seq"),
                        row.get("words", ByteBuffer.class),
                        row.get("were_words", ByteBuffer.class)))
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
