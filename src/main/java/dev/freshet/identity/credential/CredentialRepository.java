package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The table of credentials. Types are in the form of {@link CredentialType#wireName()}. Each change is one statement that
 * also checks validity, so that concurrent requests at any instances cannot both succeed where one may.
 */
interface CredentialRepository extends Repository<Credential, UUID> {

    /** Adds a credential. */
    @Query("""
            insert into credential (id, account, kind, name, digest, scopes, expires_at)
            values (:id, :account, :type, :name, :digest, :scopes, :expiresAt)
            returning id, account, name, scopes, created_at, expires_at, used_at""")
    Mono<Credential> add(
            UUID id,
            UUID account,
            String type,
            String name,
            byte[] digest,
            String[] scopes,
            @Nullable Instant expiresAt);

    /** Records a use of the valid credential with this digest, and returns it. */
    @Query("""
            update credential set used_at = now()
            where digest = :digest and kind = :type and (expires_at is null or expires_at > now())
            returning id, account, name, scopes, created_at, expires_at, used_at""")
    Mono<Credential> use(byte[] digest, String type);

    /**
     * Records a use of the valid cookie with this digest, extends it, and returns it.
     *
     * @param maxSeconds maximum lifetime since it was issued
     */
    @Query("""
            update credential set used_at = now(),
                expires_at = least(:expiresAt, created_at + make_interval(secs => :maxSeconds))
            where digest = :digest and kind = 'cookie' and (expires_at is null or expires_at > now())
            returning id, account, name, scopes, created_at, expires_at, used_at""")
    Mono<Credential> extend(byte[] digest, Instant expiresAt, double maxSeconds);

    /**
     * Replaces the digest of a valid session, keeps the last 99 as former digests, and returns the session.
     *
     * @param digest the current digest
     * @param next the new one
     */
    @Query("""
            update credential set digest = :next, used_at = now(), expires_at = :expiresAt,
                was_digests = (was_digests || digest)[greatest(1, cardinality(was_digests) - 98)\\:]
            where digest = :digest and kind = 'session' and (expires_at is null or expires_at > now())
            returning id, account, name, scopes, created_at, expires_at, used_at""")
    Mono<Credential> renew(byte[] digest, byte[] next, Instant expiresAt);

    /** Returns the id of the session that had this digest before a renewal. */
    @Query("select id from credential where was_digests @> array[cast(:digest as bytea)]")
    Mono<UUID> findByFormerDigest(byte[] digest);

    /** Returns an account's valid credentials of these types, newest first. */
    @Query("""
            select id, account, name, scopes, created_at, expires_at, used_at from credential
            where account = :account and kind = any (:types) and (expires_at is null or expires_at > now())
            order by created_at desc, id""")
    Flux<Credential> findValid(UUID account, String[] types);

    /** Returns the ids of all credentials of an account. */
    @Query("select id from credential where account = :account")
    Flux<UUID> findIds(UUID account);

    Mono<Boolean> existsById(UUID id);

    Mono<Long> deleteByIdIn(Collection<UUID> ids);

    /** Deletes expired credentials, except those that another transaction holds. */
    @Modifying
    @Query("""
            delete from credential where id in (
                select id from credential where expires_at < now() for update skip locked)""")
    Mono<Long> deleteExpired();
}
