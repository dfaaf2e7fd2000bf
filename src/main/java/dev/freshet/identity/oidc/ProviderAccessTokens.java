package dev.freshet.identity.oidc;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Callers;
import dev.freshet.identity.credential.Secret;
import dev.freshet.identity.credential.TokenCache;
import java.nio.ByteBuffer;
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

    private record VerifiedToken(
            UUID account,
            Set<Scope> scopes,
            UUID credential,
            @Nullable Instant expiresAt) {}

    private final OidcProviders providers;
    private final OidcAccounts accounts;
    private final Callers callers;
    private final TokenCache<VerifiedToken> verified = new TokenCache<>(VerifiedToken::expiresAt);

    ProviderAccessTokens(OidcProviders providers, OidcAccounts accounts, Callers callers) {
        this.providers = providers;
        this.accounts = accounts;
        this.callers = callers;
    }

    /** Returns whether any provider's tokens are accepted. */
    public boolean areAccepted() {
        return !providers.isEmpty();
    }

    /** Returns the provider of this issuer; null for none. */
    @Nullable
    public OidcProvider providerOf(@Nullable String issuer) {
        return providers.ofIssuer(issuer);
    }

    /** Returns the caller of a provider's token; empty or an error for an invalid one. */
    public Mono<Caller> caller(OidcProvider provider, String token) {
        return verified.get(token, () -> verify(provider, token))
                .flatMap(valid -> callers.by(valid.account(), valid.scopes(), valid.credential(), valid.expiresAt()));
    }

    private Mono<VerifiedToken> verify(OidcProvider provider, String token) {
        return provider.verify(token)
                .flatMap(jwt -> accounts.of(provider, jwt.getClaims())
                        .map(account -> new VerifiedToken(
                                account.id(),
                                provider.claims().scopes(jwt.getClaims()),
                                credential(provider, jwt),
                                jwt.getExpiresAt())));
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
