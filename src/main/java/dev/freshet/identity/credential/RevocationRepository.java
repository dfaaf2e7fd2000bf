package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** The table of revocations. */
interface RevocationRepository extends Repository<Revocation, UUID> {

    /** Returns whether a credential is revoked, as committed. */
    Mono<Boolean> existsByCredential(UUID credential);

    /** Adds revocations; credentials that are revoked already keep theirs. */
    @Modifying
    @Query("""
            insert into revocation (credential, until) select c, :until from unnest(:credentials) c
            on conflict (credential) do nothing""")
    Mono<Long> add(UUID[] credentials, Instant until);
}
