package dev.freshet.content.article;

import dev.freshet.platform.store.Columns;
import dev.freshet.search.SearchVector;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replaces the words that PostgreSQL's parser found in existing articles and events, from the newest to the oldest. Each
 * step is a transaction that also stores the progress. So a later run, or another instance, continues after the last one.
 * One instance at a time takes a step. Uses {@code DatabaseClient}, since no repository has these statements.
 */
@Component
final class SearchRewrite implements InfoContributor {

    private static final Logger log = LoggerFactory.getLogger(SearchRewrite.class);
    private static final int BATCH_SIZE = 50;
    private static final int STEPS_PER_REPORT = 200;

    private final DatabaseClient client;
    private final TransactionalOperator transactions;
    private final Scheduler rendering;
    private final JsonMapper json;
    private final AtomicLong steps = new AtomicLong();
    private volatile @Nullable Progress progress;
    private volatile boolean isDone;

    SearchRewrite(
            DatabaseClient client,
            TransactionalOperator transactions,
            @Qualifier("rendering") Scheduler rendering,
            JsonMapper json) {
        this.client = client;
        this.transactions = transactions;
        this.rendering = rendering;
        this.json = json;
    }

    /**
     * The progress of the task.
     *
     * @param article the lowest article that is done
     * @param seq the lowest event that is done
     * @param inLog whether all articles are done
     * @param rewritten the number of articles and events that are done
     */
    private record Progress(UUID article, long seq, boolean inLog, long rewritten) {

        static Progress of(Readable row) {
            return new Progress(
                    Columns.require(row, "article", UUID.class),
                    Columns.number(row, "seq"),
                    Columns.require(row, "in_log", Boolean.class),
                    Columns.number(row, "rewritten"));
        }
    }

    /** Rewrites the rest. Completes at once if all is done, or if another instance takes a step. */
    Mono<Void> run() {
        if (isDone) {
            return Mono.empty();
        }
        return transactions
                .transactional(step())
                .defaultIfEmpty(false)
                .repeat()
                .takeUntil(more -> !more)
                .then(client.sql("select * from search_rewrite")
                        .map(Progress::of)
                        .one())
                .doOnNext(found -> progress = found)
                .hasElement()
                .doOnNext(exists -> {
                    if (!exists && progress != null) {
                        log.info("Rewrote the words of all articles and events for searches");
                    }
                    isDone = !exists;
                })
                .then();
    }

    /** Takes a step; returns whether more are left, and is empty if another instance takes one. */
    private Mono<Boolean> step() {
        return client.sql("select * from search_rewrite for update skip locked")
                .map(Progress::of)
                .one()
                .doOnNext(this::report)
                .flatMap(found -> found.inLog() ? events(found) : articles(found));
    }

    private void report(Progress found) {
        progress = found;
        if (steps.getAndIncrement() % STEPS_PER_REPORT == 0) {
            log.info(
                    "Rewriting words for searches: {} rows done, at the {}",
                    found.rewritten(),
                    found.inLog() ? "events" : "articles");
        }
    }

    private Mono<Boolean> articles(Progress from) {
        return client.sql("select id, title, summary, left(body, :length) as body, language, version from article"
                        + " where id < :article order by id desc limit :limit")
                .bind("length", SearchVector.MAX_TEXT_LENGTH)
                .bind("article", from.article())
                .bind("limit", BATCH_SIZE)
                .map(OldArticle::of)
                .all()
                .collectList()
                .flatMap(batch -> batch.isEmpty() ? beginEvents() : rewriteArticles(batch));
    }

    private record OldArticle(UUID id, long version, String title, String summary, String body, String language) {

        static OldArticle of(Readable row) {
            return new OldArticle(
                    Columns.require(row, "id", UUID.class),
                    Columns.number(row, "version"),
                    Columns.require(row, "title", String.class),
                    Columns.require(row, "summary", String.class),
                    Columns.require(row, "body", String.class),
                    Columns.require(row, "language", String.class));
        }
    }

    private record NewArticle(UUID id, long version, String words) {}

    private Mono<Boolean> rewriteArticles(List<OldArticle> batch) {
        // Locks in the order of other writes. An article that was changed since it was read is read again by the next
        // step.
        return words(() -> batch.stream()
                        .map(old -> new NewArticle(
                                old.id(),
                                old.version(),
                                SearchVector.of(old.title(), old.summary(), old.body(), old.language())))
                        .toList())
                .flatMap(rows -> client.sql("""
                                with item as materialized (
                                    select * from json_to_recordset(cast(:rows as json)) as b(
                                        id uuid, version bigint, words text)
                                ), locked as materialized (
                                    select a.id from article a join item i on i.id = a.id and i.version = a.version
                                    order by a.id for update of a
                                )
                                update article a set search = cast(i.words as tsvector)
                                from item i join locked l on l.id = i.id where a.id = i.id""").bind("rows", rows).fetch().rowsUpdated())
                .flatMap(updated -> updated < batch.size()
                        ? Mono.just(true)
                        : client.sql("update search_rewrite set article = :article, rewritten = rewritten + :rows")
                                .bind("article", batch.getLast().id())
                                .bind("rows", updated)
                                .fetch()
                                .rowsUpdated()
                                .thenReturn(true));
    }

    private Mono<Boolean> beginEvents() {
        return client.sql("update search_rewrite set in_log = true")
                .fetch()
                .rowsUpdated()
                .thenReturn(true);
    }

    private Mono<Boolean> events(Progress from) {
        return client.sql("""
                        select l.seq, l.article, l.content, p.article as was_article, p.content as was_content
                        from feed_log l left join lateral (
                            select b.article, b.content from feed_log b
                            where b.article_id = l.article_id and b.seq < l.seq order by b.seq desc limit 1
                        ) p on l.was_author is not null
                        where l.seq < :seq order by l.seq desc limit :limit""")
                .bind("seq", from.seq())
                .bind("limit", BATCH_SIZE)
                .map(OldEvent::of)
                .all()
                .collectList()
                .flatMap(batch -> batch.isEmpty() ? end() : rewriteEvents(batch));
    }

    /** An event, and the one before it of the same article. Their content is null once the article is withdrawn. */
    private record OldEvent(
            long seq,
            String article,
            @Nullable String content,
            @Nullable String wasArticle,
            @Nullable String wasContent) {

        static OldEvent of(Readable row) {
            return new OldEvent(
                    Columns.number(row, "seq"),
                    Columns.require(row, "article", String.class),
                    row.get("content", String.class),
                    row.get("was_article", String.class),
                    row.get("was_content", String.class));
        }
    }

    private record NewEvent(
            long seq, @Nullable String words, @Nullable String wasWords) {}

    private Mono<Boolean> rewriteEvents(List<OldEvent> batch) {
        // Waits for no lock, since a withdrawal locks events in another order.
        return words(() -> batch.stream()
                        .map(old -> new NewEvent(
                                old.seq(),
                                words(old.article(), old.content()),
                                words(old.wasArticle(), old.wasContent())))
                        .toList())
                .flatMap(rows -> client.sql("""
                                with item as materialized (
                                    select * from json_to_recordset(cast(:rows as json)) as b(
                                        seq bigint, words text, "wasWords" text)
                                ), locked as materialized (
                                    select l.seq, a.search from feed_log l join item i on i.seq = l.seq
                                    left join article a on a.id = l.article_id
                                    order by l.seq for update of l skip locked
                                )
                                update feed_log l set
                                    search = case when l.type <> 'article.withdrawn'
                                        then coalesce(cast(i.words as tsvector), k.search, l.search) end,
                                    was_search = case when l.was_author is not null
                                        then coalesce(cast(i."wasWords" as tsvector), k.search, l.was_search) end
                                from item i join locked k on k.seq = i.seq where l.seq = i.seq""").bind("rows", rows).fetch().rowsUpdated())
                .then(client.sql("update search_rewrite set seq = :seq, rewritten = rewritten + :rows")
                        .bind("seq", batch.getLast().seq())
                        .bind("rows", batch.size())
                        .fetch()
                        .rowsUpdated())
                .thenReturn(true);
    }

    private @Nullable String words(@Nullable String article, @Nullable String content) {
        if (article == null || content == null) {
            return null;
        }
        var fields = json.readTree(article);
        var body = text(json.readTree(content), "body");
        return SearchVector.of(text(fields, "title"), text(fields, "summary"), body, text(fields, "language"));
    }

    private static String text(JsonNode fields, String name) {
        return fields.path(name).asString("");
    }

    private Mono<Boolean> end() {
        return client.sql("delete from search_rewrite").fetch().rowsUpdated().thenReturn(false);
    }

    /** Finds words off the event loop. */
    private Mono<String> words(Supplier<List<?>> rows) {
        return Mono.fromSupplier(() -> json.writeValueAsString(rows.get())).subscribeOn(rendering);
    }

    @Override
    public void contribute(Info.Builder builder) {
        var current = progress;
        if (!isDone && current != null) {
            builder.withDetail(
                    "searchRewrite",
                    new TreeMap<>(Map.of(
                            "phase", current.inLog() ? "events" : "articles", "rewritten", current.rewritten())));
        }
    }
}
