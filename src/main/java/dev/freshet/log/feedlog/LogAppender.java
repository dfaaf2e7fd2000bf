package dev.freshet.log.feedlog;

import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.r2dbc.connection.ConnectionFactoryUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes articles and appends their events, by one statement in autocommit mode. It never takes part in a transaction of
 * its caller, since the commit listeners must only see committed events.
 */
final class LogAppender {

    // Reads from all writes, so that the clock's lock is taken after their locks.
    private static final String APPEND = """
            , complete as materialized (
                select case when (select count(*) from wanted) = (select count(*) from changed) then true
                    else write_conflict() end as ok
            ), batch as materialized (
                select b.*, row_number() over (order by b.ord) as n, c.search, c.was_search
                from json_to_recordset(cast($2 as json)) as b(
                    ord int, type text, article_id uuid, tags text[], author text, source text, language text,
                    was_tags text[], was_author text, was_source text, was_language text, article json, content json,
                    traceparent text)
                join changed c on c.article_id = b.article_id
            )""";

    private static final String REMOVE_CONTENT = """
            , removed as materialized (
                update feed_log l set content = null, article = format('STUB', l.article_id)
                from batch b where l.article_id = b.article_id and b.type = 'article.withdrawn'
                returning l.seq
            )""".replace("STUB", LogEntry.STUB);

    // The limit of a notification is 8,000 bytes with its first words.
    private static final int MAX_COPIED_BYTES = 7900;

    // Copies of a small commit, so that other instances need not read it: three lines for each entry.
    private static final String COPIES = """
            , copies as materialized (
                select ' ' || tick.epoch || string_agg(chr(10) || cast(json_build_object(
                        'at', floor(extract(epoch from tick.at) * 1000), 'type', b.type, 'id', b.article_id,
                        'now', json_build_object('tags', b.tags, 'author', b.author, 'source', b.source,
                            'language', b.language),
                        'before', case when b.was_author is not null then json_build_object('tags', b.was_tags,
                            'author', b.was_author, 'source', b.was_source, 'language', b.was_language) end,
                        'trace', b.traceparent) as text)
                    || chr(10) || cast(b.article as text) || chr(10) || coalesce(cast(b.content as text), ''),
                    '' order by b.n) as lines
                from tick cross join batch b
                where (select sum(octet_length(cast(article as text))) + coalesce(sum(octet_length(cast(content as text))), 0)
                    from batch) < LIMIT
                group by tick.epoch
            )""".replace("LIMIT", Integer.toString(MAX_COPIED_BYTES));

    private static final String TICK =
            """
            , tick as (
                update feed_clock c set seq = c.seq + t.n, at = greatest(c.at, clock_timestamp())
                from (select count(*) as n from batch) t
                where t.n > 0 and (select ok from complete)REMOVED
                returning c.epoch, c.seq, c.at, t.n
            ), written as (
                insert into feed_log (seq, at, type, article_id, tags, author, source, language, search,
                        was_tags, was_author, was_source, was_language, was_search, article, content, traceparent)
                select tick.seq - tick.n + b.n, tick.at, b.type, b.article_id, b.tags, b.author, b.source, b.language,
                        case when b.type <> 'article.withdrawn' then b.search end,
                        b.was_tags, b.was_author, b.was_source, b.was_language,
                        case when b.was_author is not null then b.was_search end,
                        b.article, b.content, b.traceparent
                from batch b cross join tick
                returning seq
            )COPIES
            select tick.epoch, tick.seq, tick.at, (select ok from complete) as complete,
                (select count(*) from written) as written,
                (select array_agg(article_id) from changed) as changed,
                case when tick.seq is not null then pg_notify('feed_log', tick.seq || ' INSTANCE' || case
                    when octet_length(copies.lines) < LIMIT then copies.lines else '' end) end as notified
            from (select) always left join tick on true left join copies on true""".replace("COPIES", COPIES).replace("LIMIT", Integer.toString(MAX_COPIED_BYTES));

    private final ConnectionFactory connections;
    private final JsonMapper json;
    private final List<CommitListener> listeners;
    // By the SQL that writes articles. The driver looks a statement up by the hash of its text, which a text caches.
    private final Map<String, String> appends = new ConcurrentHashMap<>();
    private final Map<String, String> withdrawals = new ConcurrentHashMap<>();
    private final String append;
    private final String appendWithdrawals;

    LogAppender(ConnectionFactory connections, JsonMapper json, UUID instance, List<CommitListener> listeners) {
        this.connections = connections;
        this.json = json;
        this.listeners = List.copyOf(listeners);
        var tick = TICK.replace("INSTANCE", instance.toString());
        append = APPEND + tick.replace("REMOVED", "");
        appendWithdrawals =
                APPEND + REMOVE_CONTENT + tick.replace("REMOVED", " and (select count(*) from removed) >= 0");
    }

    Mono<AppendResult> append(ArticleWrite write, List<NewEntry> entries) {
        return Mono.usingWhen(connection(), connection -> execute(connection, write, entries), Connection::close)
                .onErrorMap(
                        R2dbcException.class,
                        error -> ConnectionFactoryUtils.convertR2dbcException("Writing articles", null, error))
                .map(committed -> {
                    if (!committed.entries().isEmpty()) {
                        listeners.forEach(each -> each.committed(committed.epoch(), committed.entries()));
                    }
                    return committed.result();
                });
    }

    private Mono<? extends Connection> connection() {
        return Mono.from(connections.create())
                .onErrorMap(error -> new DataAccessResourceFailureException("PostgreSQL cannot be reached", error));
    }

    private Mono<Committed> execute(Connection connection, ArticleWrite write, List<NewEntry> entries) {
        var withdraws = entries.stream().anyMatch(entry -> entry.type() == EventType.WITHDRAWN);
        var sql = withdraws
                ? withdrawals.computeIfAbsent(write.sql(), changes -> compact("with " + changes + appendWithdrawals))
                : appends.computeIfAbsent(write.sql(), changes -> compact("with " + changes + append));
        var statement = connection
                .createStatement(sql)
                .bind("$1", write.rows())
                // As text: the driver sends JSON as jsonb, which reorders the fields of articles.
                .bind("$2", json.writeValueAsString(LogRows.ofBatch(entries)));
        // The result completes after the commit, but its row may arrive before.
        return Flux.from(statement.execute())
                .concatMap(result -> result.map(row -> committed(row, entries)))
                .single();
    }

    /** Removes indentation. The SQL has no literals with spaces in a row. */
    private static String compact(String sql) {
        return sql.replaceAll("\\s+", " ");
    }

    private static Committed committed(Readable row, List<NewEntry> entries) {
        var ids = row.get("changed", UUID[].class);
        Set<UUID> changed = ids == null ? Set.of() : Set.of(ids);
        var seq = row.get("seq", Long.class);
        if (seq == null) {
            return new Committed(0, List.of(), new AppendResult(null, changed));
        }
        var epoch = Columns.number(row, "epoch");
        var written = new ArrayList<LogEntry>(entries.size());
        var next = seq - Columns.number(row, "written");
        var at = Columns.require(row, "at", Instant.class).toEpochMilli();
        for (var entry : entries) {
            if (changed.contains(entry.articleId())) {
                written.add(entry.at(++next, at));
            }
        }
        return new Committed(epoch, List.copyOf(written), new AppendResult(new Cursor(epoch, seq), changed));
    }

    private record Committed(long epoch, List<LogEntry> entries, AppendResult result) {}
}
