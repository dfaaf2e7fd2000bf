package dev.freshet.identity.account;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** Links between accounts and users of OpenID Connect providers. */
public interface ExternalIdentities extends Repository<ExternalIdentity, UUID> {

    /** Returns whether an account belongs to a user of a provider. */
    Mono<Boolean> existsByAccount(UUID account);

    /** Returns the id of the account that belongs to a provider's user, even if it is disabled or closed. */
    @Query("select account from identity where issuer = :issuer and subject = :subject")
    Mono<UUID> findAccount(String issuer, String subject);

    /** Links an account to a provider's user. Fails if that user has an account already. */
    @Modifying
    @Query("insert into identity (issuer, subject, account) values (:issuer, :subject, :account)")
    Mono<Long> add(String issuer, String subject, UUID account);

    /** Waits for other transactions that create an account for this user, and makes later ones wait for this one. */
    @Modifying
    @Query("select pg_advisory_xact_lock(hashtextextended(:issuer || chr(10) || :subject, 0))")
    Mono<Void> lock(String issuer, String subject);
}
