package dev.freshet.identity.account;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** The table of password hashes, at most one per account. */
interface PasswordHashes extends Repository<PasswordHash, UUID> {

    Mono<PasswordHash> findById(UUID account);

    Mono<Boolean> existsById(UUID account);

    /** Inserts or replaces the hash of an account in one statement, so that concurrent changes do not fail. */
    @Modifying
    @Query("""
            insert into password (account, hash) values (:account, :hash)
            on conflict (account) do update set hash = excluded.hash, changed_at = now()""")
    Mono<Long> set(UUID account, String hash);

    /** Replaces a hash by another one of the same password. Does nothing if the password was changed since. */
    @Modifying
    @Query("update password set hash = :stronger where account = :account and hash = :hash")
    Mono<Long> strengthen(UUID account, String hash, String stronger);
}
