package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tables of revocations and of changed accounts. A trigger fills the latter. */
interface IdentityChangeRepository extends Repository<IdentityChange, UUID> {

    /** Returns the changes after a time, of revocations those that are still in force. */
    @Query("""
            select credential as id, at, until from revocation where at > :time and until > now()
            union all select account, at, null from changed_account where at > :time""")
    Flux<IdentityChange> findAfter(Instant time);

    /** Deletes revocations that ended an hour ago, and changes of accounts from before that. */
    @Modifying
    @Query("""
            with ended as (delete from revocation where until < now() - interval '1 hour')
            delete from changed_account where at < now() - interval '1 hour'""")
    Mono<Long> deleteOld();
}
