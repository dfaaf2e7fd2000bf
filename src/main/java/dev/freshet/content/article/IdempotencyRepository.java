package dev.freshet.content.article;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table of recorded responses. */
interface IdempotencyRepository extends Repository<IdempotencyRecord, UUID> {

    /**
     * Adds records in the order of their keys, so that concurrent calls cannot deadlock. Keys that exist keep their record.
     *
     * @param rows a JSON array of objects with the columns of the table; {@code request} in hexadecimal
     * @return the article ids of the added records
     */
    @Query("""
            insert into idempotency (account, key, request, article_id, status, etag, body)
            select account, key, decode(request, 'hex'), article_id, status, etag, body
            from json_to_recordset(cast(:rows as json)) as r(
                account uuid, key text, request text, article_id uuid, status int, etag text, body text)
            order by account, key
            on conflict (account, key) do nothing
            returning article_id""")
    Flux<UUID> add(String rows);

    /** Returns the record of a key. */
    @Query("""
            select account, key, encode(request, 'hex') as request, article_id, status, etag, body from idempotency
            where account = :account and key = :key""")
    Mono<IdempotencyRecord> find(UUID account, String key);

    /** Deletes the oldest records above an age, at most {@code limit}, and returns their number. */
    @Modifying
    @Query("""
            delete from idempotency where (account, key) in (
                select account, key from idempotency
                where created_at < now() - make_interval(secs => :seconds)
                order by created_at limit :limit for update skip locked)""")
    Mono<Long> deleteOlderThan(double seconds, int limit);
}
