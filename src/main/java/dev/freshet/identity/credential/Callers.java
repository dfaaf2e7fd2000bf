package dev.freshet.identity.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Authenticates callers by their credentials. The account is read each time, so that a deleted one has no rights, and
 * revocations are checked after every cache.
 */
@Component
public class Callers {

    private static final int MAX_CACHED_CREDENTIALS = 10_000;
    private static final Duration CREDENTIAL_CACHE_TTL = Duration.ofMinutes(1);

    private final Credentials credentials;
    private final Accounts accounts;
    private final Revocations revocations;
    private final AuthSettings settings;
    // Only valid credentials, so that invalid ones cannot fill the cache.
    private final Cache<String, Credential> known = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_CREDENTIALS)
            .expireAfterWrite(CREDENTIAL_CACHE_TTL)
            .build();

    Callers(Credentials credentials, Accounts accounts, Revocations revocations, AuthSettings settings) {
        this.credentials = credentials;
        this.accounts = accounts;
        this.revocations = revocations;
        this.settings = settings;
    }

    /** Returns the caller of an API token; empty for an invalid secret. */
    public Mono<Caller> byToken(Secret secret) {
        return by(secret, credentials.use(secret, CredentialType.TOKEN));
    }

    /** Returns the caller of a browser's cookie; empty for an invalid secret. */
    public Mono<Caller> byCookie(Secret secret) {
        return by(
                secret,
                credentials
                        .extend(secret, settings.sessionLifetime(), settings.sessionLongest())
                        // It may exceed a lifetime that was shortened since.
                        .filter(credential -> isGood(credential.expiresAt())));
    }

    /** Returns the caller of a ticket, which is valid once; empty for an invalid secret. */
    public Mono<Caller> byTicket(Secret secret) {
        return credentials
                .redeem(secret)
                .flatMap(ticket -> by(ticket.account(), ticket.scopes(), ticket.parent(), ticket.endsAt()));
    }

    private Mono<Caller> by(Secret secret, Mono<Credential> read) {
        var found = known.getIfPresent(secret.text());
        var credential = found != null && isGood(found.expiresAt())
                ? Mono.just(found)
                : read.doOnNext(good -> known.put(secret.text(), good));
        return credential.flatMap(good -> by(good.account(), good.scopes(), good.id(), good.expiresAt()));
    }

    /** Returns whether the end lies in the future. */
    public static boolean isGood(@Nullable Instant expiresAt) {
        return expiresAt == null || expiresAt.isAfter(Instant.now());
    }

    /** Returns the caller of a valid credential; empty if it is revoked or its account no longer exists. */
    public Mono<Caller> by(UUID account, Set<Scope> scopes, UUID credential, @Nullable Instant expiresAt) {
        return accounts.findActive(account)
                .map(found -> new Caller(found, scopes, credential, expiresAt))
                .filterWhen(caller -> revocations.check(credential).map(revoked -> !revoked));
    }
}
