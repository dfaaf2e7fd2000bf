package dev.freshet.testing;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.NewEntry;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes articles and their events straight into the tables, as fast as tests of the log want them. */
public final class LogWriter {

    private final DatabaseClient client;
    private final FeedLog feedLog;
    private final TransactionalOperator transaction;

    /** Writes through an instance's connections. */
    public LogWriter(Freshet instance) {
        client = instance.bean(DatabaseClient.class);
        feedLog = instance.bean(FeedLog.class);
        transaction = instance.bean(TransactionalOperator.class);
    }

    /** Publishes an article with one tag. */
    public Mono<Cursor> publish(String title, String tag) {
        return publish(UUID.randomUUID(), title, tag);
    }

    /** Publishes an article with this id. */
    public Mono<Cursor> publish(UUID id, String title, String tag) {
        return transaction.transactional(
                insert(id, title, tag).then(feedLog.append(List.of(published(id, title, tag)))));
    }

    /** Publishes articles with one update of the clock. */
    public Mono<Cursor> publishAll(int count, String tag) {
        return publishAll(count, "Article", tag);
    }

    /** Publishes articles whose titles begin with this text. */
    public Mono<Cursor> publishAll(int count, String title, String tag) {
        var ids = IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
        return transaction.transactional(Flux.fromIterable(ids)
                .concatMap(id -> insert(id, title + " " + id, tag))
                .then(Mono.defer(() -> feedLog.append(ids.stream()
                        .map(id -> published(id, title + " " + id, tag))
                        .toList()))));
    }

    /** Publishes an article and rolls it back at the last moment. */
    public Mono<Void> publishAndRollBack(String tag) {
        var id = UUID.randomUUID();
        return transaction
                .execute(status -> insert(id, "Never", tag)
                        .then(feedLog.append(List.of(published(id, "Never", tag))))
                        .doOnNext(cursor -> status.setRollbackOnly()))
                .then();
    }

    /** Moves an article from one tag to another. */
    public Mono<Cursor> retag(UUID id, String from, String to) {
        return transaction.transactional(client.sql(
                        "update article set was_search = search, tags = array[:tag], version = version + 1 where id = :id")
                .bind("tag", to)
                .bind("id", id)
                .then()
                .then(feedLog.append(List.of(new NewEntry(
                        EventType.UPDATED,
                        id,
                        facets(to),
                        facets(from),
                        "{\"id\":\"" + id + "\",\"title\":\"Retagged\"}",
                        "{\"body\":\"b\",\"html\":\"h\"}")))));
    }

    /** Withdraws an article for good. */
    public Mono<Cursor> withdraw(UUID id, String tag) {
        return transaction.transactional(
                client.sql("update article set was_search = search, status = 'withdrawn' where id = :id")
                        .bind("id", id)
                        .then()
                        .then(feedLog.append(List.of(NewEntry.withdrawal(id, facets(tag))))));
    }

    private Mono<Void> insert(UUID id, String title, String tag) {
        return client.sql("""
                        with account as (
                            insert into account (id, name) values ('00000000-0000-7000-8000-000000000001', 'log-writer')
                            on conflict do nothing
                        ), author as (
                            insert into author (name) values ('Ann')
                            on conflict (name) do update set name = excluded.name returning id
                        ), source as (
                            insert into source (name) values ('test')
                            on conflict (name) do update set name = excluded.name returning id
                        )
                        insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language,
                            status, owner, published_at, updated_at, version)
                        select :id, 's', :title, '', 'b', 'h', array[:tag], author.id, source.id, 'en',
                            'published', '00000000-0000-7000-8000-000000000001', now(), now(), 1
                        from author, source""")
                .bind("id", id)
                .bind("title", title)
                .bind("tag", tag)
                .then();
    }

    private static NewEntry published(UUID id, String title, String tag) {
        return new NewEntry(
                EventType.PUBLISHED,
                id,
                facets(tag),
                null,
                "{\"id\":\"" + id + "\",\"title\":\"" + title + "\"}",
                "{\"body\":\"b\",\"html\":\"h\"}");
    }

    private static Facets facets(String tag) {
        return new Facets(List.of(tag), "Ann", "test");
    }
}
