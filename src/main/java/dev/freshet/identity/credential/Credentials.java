package dev.freshet.identity.credential;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.AuthenticatedAccount;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Issues, finds and revokes credentials. */
@Component
public class Credentials {

    // Access tokens may outlive their session, and caches may hold a credential for a while.
    private static final Duration REVOCATION_TTL = Duration.ofDays(1);

    private static final int MAX_TOKENS = 100;

    private final Accounts accounts;
    private final Passwords passwords;
    private final CredentialRepository repository;
    private final TicketRepository tickets;
    private final Revocations revocations;
    private final TransactionalOperator transactions;

    Credentials(
            Accounts accounts,
            Passwords passwords,
            CredentialRepository repository,
            TicketRepository tickets,
            Revocations revocations,
            TransactionalOperator transactions) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.repository = repository;
        this.tickets = tickets;
        this.revocations = revocations;
        this.transactions = transactions;
    }

    /** A credential with its secret, which is shown only once. */
    public record Issued(Credential credential, Secret secret) {}

    /**
     * Issues a credential, in the caller's transaction if there is one.
     *
     * @param lifetime null for none
     */
    public Mono<Issued> issue(
            UUID account, CredentialType type, String name, Set<Scope> scopes, @Nullable Duration lifetime) {
        var secret = Secret.create(type);
        return repository
                .add(
                        UUID.randomUUID(),
                        account,
                        type.wireName(),
                        name,
                        secret.digest(),
                        scopes.stream().map(Scope::toString).toArray(String[]::new),
                        lifetime == null ? null : Instant.now().plus(lifetime))
                .map(credential -> new Issued(credential, secret));
    }

    /**
     * Issues the credential of a session.
     *
     * @return fails with {@link Problem#UNAUTHORIZED} if the account has ended or its password was changed since the check
     */
    public Mono<Issued> issueSession(
            AuthenticatedAccount authenticated,
            CredentialType type,
            String name,
            Set<Scope> scopes,
            Duration lifetime) {
        var account = authenticated.account().id();
        var checked = authenticated.passwordChangedAt();
        return accounts.lockActive(account)
                .filterWhen(locked -> checked == null ? Mono.just(true) : passwords.isUnchanged(account, checked))
                .switchIfEmpty(Mono.error(
                        () -> Problem.UNAUTHORIZED.because("The account changed during the sign-in. Sign in again.")))
                .flatMap(locked -> issue(account, type, name, scopes, lifetime))
                .as(transactions::transactional);
    }

    /**
     * Issues a token for a program.
     *
     * @param lifetime null for none
     * @return fails with the problem if the caller's credential is revoked or the account has too many tokens
     */
    Mono<Issued> issueToken(Caller caller, String name, Set<Scope> scopes, @Nullable Duration lifetime) {
        return requireUnrevoked(caller)
                .then(Mono.defer(() -> of(caller.id(), CredentialType.TOKEN).count()))
                .filter(count -> count < MAX_TOKENS)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(
                        "An account has " + MAX_TOKENS + " tokens at most. Revoke an unused one first.")))
                .flatMap(count -> issue(caller.id(), CredentialType.TOKEN, name, scopes, lifetime))
                .as(transactions::transactional);
    }

    /**
     * Locks the caller's account until the end of the transaction, and fails with {@link Problem#UNAUTHORIZED} if the
     * account or the caller's credential has ended. A revocation takes the same lock. So what a transaction creates after
     * this call either precedes the revocation and is revoked too, or is refused.
     */
    public Mono<Void> requireUnrevoked(Caller caller) {
        return accounts.lockActive(caller.id())
                .flatMap(locked -> revocations.checkStored(caller.credential()))
                .filter(revoked -> !revoked)
                .switchIfEmpty(Mono.error(() ->
                        Problem.UNAUTHORIZED.because("The credential of this request is revoked. Sign in again.")))
                .then();
    }

    /** Returns the credential of a secret and records its use; empty for an invalid secret. */
    public Mono<Credential> use(Secret secret, CredentialType type) {
        return repository.use(secret.digest(), type.wireName());
    }

    /**
     * Returns the credential of a browser's secret and extends it; empty for an invalid secret.
     *
     * @param lifetime from now
     * @param maxLifetime maximum time since it was issued
     */
    Mono<Credential> extend(Secret secret, Duration lifetime, Duration maxLifetime) {
        return repository.extend(secret.digest(), Instant.now().plus(lifetime), (double) maxLifetime.toSeconds());
    }

    /**
     * Issues a ticket, which is valid no longer than the caller's credential.
     *
     * @param lifetime time within which the stream must be opened
     */
    Mono<Issued> issueTicket(Caller caller, Set<Scope> scopes, Duration lifetime) {
        return requireUnrevoked(caller)
                .then(Mono.defer(() -> issue(caller.id(), CredentialType.TICKET, "", scopes, lifetime)))
                .delayUntil(
                        issued -> tickets.setParent(issued.credential().id(), caller.credential(), caller.expiresAt()))
                .as(transactions::transactional);
    }

    /** Redeems a ticket. If several requests present it at once, at any instances, one succeeds. */
    Mono<Ticket> redeem(Secret secret) {
        return tickets.redeem(secret.digest());
    }

    /**
     * Exchanges a session's secret for a new one. Presenting a secret that was exchanged before ends the session, since
     * one of its two holders must have stolen it.
     *
     * @param lifetime from now
     * @return empty for an invalid secret
     */
    public Mono<Issued> renew(Secret secret, Duration lifetime) {
        var next = Secret.create(CredentialType.SESSION);
        var renewed = repository
                .renew(secret.digest(), next.digest(), Instant.now().plus(lifetime))
                .map(credential -> new Issued(credential, next));
        var stolen = repository
                .findByFormerDigest(secret.digest())
                .flatMap(id -> revoke(List.of(id)))
                .then(Mono.<Issued>empty());
        return renewed.switchIfEmpty(Mono.defer(() -> stolen));
    }

    /** Returns an account's valid credentials of these types, newest first. */
    public Flux<Credential> of(UUID account, CredentialType... types) {
        return repository.findValid(
                account, Arrays.stream(types).map(CredentialType::wireName).toArray(String[]::new));
    }

    /** Revokes all credentials of an account except one. */
    public Mono<Void> revokeAll(UUID account, @Nullable UUID except) {
        return revokeLocked(account, repository.findIds(account).filter(id -> !id.equals(except)));
    }

    /** Revokes all credentials of an account of one type. */
    public Mono<Void> revokeAllOf(UUID account, CredentialType type) {
        return revokeLocked(account, of(account, type).map(Credential::id));
    }

    private Mono<Void> revokeLocked(UUID account, Flux<UUID> ids) {
        return accounts.lock(account)
                .then(Mono.defer(ids::collectList))
                .flatMap(this::revoke)
                .as(transactions::transactional);
    }

    /** Revokes the caller's credential, even if a provider issued it. */
    public Mono<Void> revoke(Caller caller) {
        var ids = List.of(caller.credential());
        var day = Instant.now().plus(REVOCATION_TTL);
        var ends = caller.expiresAt();
        // The revocation first, as everywhere: two transactions in opposite orders could wait for each other.
        var revoked = repository
                .existsById(caller.credential())
                .flatMap(isOurs -> revocations.revoke(ids, isOurs || ends == null || ends.isBefore(day) ? day : ends))
                .then(repository.deleteByIdIn(ids))
                .then();
        return transactions.transactional(revoked);
    }

    /** Revokes credentials and the tokens derived from them: at every instance within seconds. */
    public Mono<Void> revoke(List<UUID> ids) {
        var revoked = revocations
                .revoke(ids, Instant.now().plus(REVOCATION_TTL))
                .then(repository.deleteByIdIn(ids))
                .then();
        return ids.isEmpty() ? Mono.empty() : transactions.transactional(revoked);
    }

    /** Deletes expired credentials. */
    Mono<Void> deleteExpired() {
        return repository.deleteExpired().then();
    }
}
