package dev.freshet.identity.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Credential.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Finds out who shows a credential. The account is looked up each time, so that one that is no more has no rights, and
 * revocations are asked for after all that is remembered.
 */
@Component
public class Callers {

    private static final int MOST = 10_000;
    private static final Duration KNOWN = Duration.ofMinutes(1);

    private final Credentials credentials;
    private final Accounts accounts;
    private final Revocations revocations;
    private final AuthSettings settings;
    // Only good ones, so that nobody can fill this with others.
    private final Cache<String, Credential> known =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KNOWN).build();

    Callers(Credentials credentials, Accounts accounts, Revocations revocations, AuthSettings settings) {
        this.credentials = credentials;
        this.accounts = accounts;
        this.revocations = revocations;
        this.settings = settings;
    }

    /** Who shows a token that was made for a program; empty for a secret that is good for nothing. */
    public Mono<Caller> byToken(Secret secret) {
        return by(secret, credentials.use(secret, Kind.TOKEN));
    }

    /** Whose browser shows this; empty for a secret that is good for nothing. */
    public Mono<Caller> byCookie(Secret secret) {
        return by(
                secret,
                credentials
                        .prolong(secret, settings.sessionLifetime(), settings.sessionLongest())
                        // Older than a setting that was shortened allows.
                        .filter(credential -> isGood(credential.expiresAt())));
    }

    /** Who got this ticket, which is good no more after this; empty for a secret that is good for nothing. */
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

    /** Whether what ends then is good still. */
    public static boolean isGood(@Nullable Instant expiresAt) {
        return expiresAt == null || expiresAt.isAfter(Instant.now());
    }

    /** Who shows a credential that is good by itself; empty where it was revoked, or the account is no more. */
    public Mono<Caller> by(UUID account, Set<Scope> scopes, UUID credential, @Nullable Instant expiresAt) {
        return accounts.findActive(account)
                .map(found -> new Caller(found, scopes, credential, expiresAt))
                .filterWhen(caller -> revocations.check(credential).map(revoked -> !revoked));
    }
}
