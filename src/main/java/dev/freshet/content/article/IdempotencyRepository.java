package dev.freshet.content.article;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** The table of recorded responses. */
interface IdempotencyRepository extends Repository<IdempotencyRecord, UUID> {

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
