package dev.freshet.identity.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Callers;
import dev.freshet.identity.credential.Secret;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Authenticates callers by access tokens of providers. */
@Component
public class ProviderAccessTokens {

    private static final int MAX_CACHED_TOKENS = 10_000;
    private static final Duration TOKEN_CACHE_TTL = Duration.ofMinutes(1);

    private record Known(
            UUID account,
            Set<Scope> scopes,
            UUID credential,
            @Nullable Instant expiresAt) {}

    private final OidcProviders providers;
    private final OidcAccounts accounts;
    private final Callers callers;
    // Only valid tokens, so that invalid ones cannot fill the cache.
    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_TOKENS)
            .expireAfterWrite(TOKEN_CACHE_TTL)
            .build();

    ProviderAccessTokens(OidcProviders providers, OidcAccounts accounts, Callers callers) {
        this.providers = providers;
        this.accounts = accounts;
        this.callers = callers;
    }

    /** Returns whether any provider's tokens are accepted. */
    public boolean areTaken() {
        return !providers.isEmpty();
    }

    /** Returns the provider of this issuer; null for none. */
    @Nullable
    public OidcProvider issuerOf(@Nullable String issuer) {
        return providers.ofIssuer(issuer);
    }

    /** Returns the caller of a provider's token; empty or an error for an invalid one. */
    public Mono<Caller> caller(OidcProvider provider, String token) {
        var found = known.getIfPresent(token);
        var checked = found != null && Callers.isGood(found.expiresAt())
                ? Mono.just(found)
                : provider.check(token).flatMap(jwt -> known(provider, jwt)).doOnNext(good -> known.put(token, good));
        return checked.flatMap(good -> callers.by(good.account(), good.scopes(), good.credential(), good.expiresAt()));
    }

    private Mono<Known> known(OidcProvider provider, Jwt jwt) {
        return accounts.of(provider, jwt.getClaims())
                .map(account -> new Known(
                        account.id(), provider.scopes(jwt.getClaims()), credential(provider, jwt), jwt.getExpiresAt()));
    }

    /** Returns the id to revoke: that of the provider's session, else of the token. */
    private static UUID credential(OidcProvider provider, Jwt jwt) {
        var name = Stream.of(jwt.getClaimAsString("sid"), jwt.getId(), jwt.getTokenValue())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        var bytes = ByteBuffer.wrap(new Secret(provider.issuer() + "\n" + jwt.getSubject() + "\n" + name).digest());
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
