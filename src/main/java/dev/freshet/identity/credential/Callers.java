package dev.freshet.identity.credential;

import dev.freshet.identity.account.ActiveAccounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Authenticates callers by their credentials. A deleted or disabled account has no rights after a second, and revocations are
 * checked after every cache; see {@link IdentityChanges}.
 */
@Component
public class Callers {

    private final Credentials credentials;
    private final ActiveAccounts accounts;
    private final IdentityChanges changes;
    private final AuthSettings settings;
    private final TokenCache<Credential> verified = new TokenCache<>(Credential::expiresAt);

    Callers(Credentials credentials, ActiveAccounts accounts, IdentityChanges changes, AuthSettings settings) {
        this.credentials = credentials;
        this.accounts = accounts;
        this.changes = changes;
        this.settings = settings;
    }

    /** Returns the caller of an API token; empty for an invalid secret. */
    public Mono<Caller> byToken(Secret secret) {
        return by(secret, CredentialType.TOKEN, credentials.use(secret, CredentialType.TOKEN));
    }

    /** Returns the caller of a browser's cookie; empty for an invalid secret. */
    public Mono<Caller> byCookie(Secret secret) {
        return by(
                secret,
                CredentialType.COOKIE,
                credentials
                        .extend(secret, settings.sessionLifetime(), settings.sessionLongest())
                        // It may exceed a lifetime that was shortened since.
                        .filter(Callers::isUnexpired));
    }

    /** Returns the caller of a ticket, which is valid once; empty for an invalid secret. */
    public Mono<Caller> byTicket(Secret secret) {
        return credentials
                .redeem(secret)
                .flatMap(ticket -> by(ticket.account(), ticket.scopes(), ticket.parent(), ticket.endsAt()));
    }

    private Mono<Caller> by(Secret secret, CredentialType type, Mono<Credential> read) {
        // All types share the cache, so a secret must not pass for one of another type.
        return secret.is(type)
                ? verified.get(secret.text(), () -> read)
                        .flatMap(valid -> by(valid.account(), valid.scopes(), valid.id(), valid.expiresAt()))
                : Mono.empty();
    }

    private static boolean isUnexpired(Credential credential) {
        var expiresAt = credential.expiresAt();
        return expiresAt == null || expiresAt.isAfter(Instant.now());
    }

    /** Returns the caller of a valid credential; empty if it is revoked or its account no longer exists. */
    public Mono<Caller> by(UUID account, Set<Scope> scopes, UUID credential, @Nullable Instant expiresAt) {
        return changes.await()
                .then(accounts.find(account))
                .filter(found -> !changes.isRevoked(credential))
                .map(found -> new Caller(found, scopes, credential, expiresAt));
    }
}
