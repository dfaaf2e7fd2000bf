package dev.freshet.identity.credential;

import java.time.Instant;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table of signing keys. */
interface SigningKeyRepository extends Repository<SigningKey, String> {

    /** Returns all keys, newest first. */
    Flux<SigningKey> findAllByOrderByCreatedAtDescKidAsc();

    Mono<Boolean> existsByCreatedAtAfter(Instant time);

    /**
     * Adds a key unless one has its id. If calls with one id are concurrent, one adds its key.
     *
     * @return 1 if the key was added, else 0
     */
    @Modifying
    @Query("insert into signing_key (kid, jwk) values (:kid, :jwk) on conflict (kid) do nothing")
    Mono<Long> add(String kid, String jwk);

    /**
     * Deletes keys created before a time, if a later key exists that verifiers know.
     *
     * @param announced a key created before this time is known to verifiers
     */
    @Modifying
    @Query("""
            delete from signing_key where created_at < :time and exists (
                select from signing_key later
                where later.created_at < :announced and later.created_at > signing_key.created_at)""")
    Mono<Long> deleteSuperseded(Instant time, Instant announced);
}
