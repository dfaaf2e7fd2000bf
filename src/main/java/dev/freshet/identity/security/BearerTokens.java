package dev.freshet.identity.security;

import com.nimbusds.jwt.JWTParser;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CallerAuthentication;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Callers;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Secret;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.identity.oidc.ProviderAccessTokens;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Authenticates bearer tokens (RFC 6750): access tokens of this server or of a provider, and API tokens. */
@Component
class BearerTokens implements ReactiveAuthenticationManager {

    private final ReactiveJwtDecoder decoder;
    private final Callers callers;
    private final ProviderAccessTokens providers;

    BearerTokens(ReactiveJwtDecoder decoder, Callers callers, ProviderAccessTokens providers) {
        this.decoder = decoder;
        this.callers = callers;
        this.providers = providers;
    }

    @Override
    public Mono<Authentication> authenticate(Authentication presented) {
        return Mono.just(presented)
                .cast(BearerTokenAuthenticationToken.class)
                .flatMap(bearer -> bearer instanceof StreamTicketConverter.Ticket
                        ? callers.byTicket(new Secret(bearer.getToken()))
                        : caller(bearer.getToken()))
                .onErrorMap(BadJwtException.class, refused -> new InvalidBearerTokenException("refused", refused))
                .<Authentication>map(CallerAuthentication::new)
                .switchIfEmpty(Mono.error(() -> new InvalidBearerTokenException("unknown, revoked or of no account")));
    }

    private Mono<Caller> caller(String token) {
        var secret = new Secret(token);
        if (secret.is(CredentialType.TOKEN)) {
            return callers.byToken(secret);
        }
        var provider = providers.areAccepted() ? providers.providerOf(unverifiedIssuer(token)) : null;
        return provider == null ? decoder.decode(token).flatMap(this::caller) : providers.caller(provider, token);
    }

    /** Returns the unverified {@code iss} claim of a token. */
    private static @Nullable String unverifiedIssuer(String token) {
        try {
            var claims = JWTParser.parse(token).getJWTClaimsSet();
            return claims == null ? null : claims.getIssuer();
        } catch (ParseException e) {
            return null;
        }
    }

    private Mono<Caller> caller(Jwt jwt) {
        var subject = uuid(jwt.getSubject());
        var session = uuid(jwt.getClaimAsString(Tokens.SESSION));
        if (subject.isEmpty() || session.isEmpty()) {
            return Mono.empty();
        }
        var granted = Optional.ofNullable(jwt.getClaimAsString("scope")).orElse("");
        var scopes = Scope.parseKnown(List.of(granted.split(" ", -1)));
        return callers.by(subject.get(), scopes, session.get(), jwt.getExpiresAt());
    }

    private static Optional<UUID> uuid(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
