package dev.freshet.security;

import dev.freshet.account.Accounts;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
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

/** Finds out who bears a token (RFC 6750). The account is looked up each time, so that one that is no more has no rights. */
@Component
class BearerTokens implements ReactiveAuthenticationManager {

    private final ReactiveJwtDecoder decoder;
    private final Accounts accounts;
    private final Revocations revocations;

    BearerTokens(ReactiveJwtDecoder decoder, Accounts accounts, Revocations revocations) {
        this.decoder = decoder;
        this.accounts = accounts;
        this.revocations = revocations;
    }

    @Override
    public Mono<Authentication> authenticate(Authentication asked) {
        return Mono.just(asked)
                .cast(BearerTokenAuthenticationToken.class)
                .flatMap(bearer -> decoder.decode(bearer.getToken()))
                .onErrorMap(BadJwtException.class, refused -> new InvalidBearerTokenException("refused", refused))
                .flatMap(this::caller)
                .filterWhen(caller -> revocations.check(caller.credential()).map(revoked -> !revoked))
                .<Authentication>map(CallerAuthentication::new)
                .switchIfEmpty(Mono.error(() -> new InvalidBearerTokenException("revoked, or of no account")));
    }

    private Mono<Caller> caller(Jwt jwt) {
        var subject = uuid(jwt.getSubject());
        var credential = uuid(jwt.getId());
        if (subject.isEmpty() || credential.isEmpty()) {
            return Mono.empty();
        }
        var granted = Optional.ofNullable(jwt.getClaimAsString("scope")).orElse("");
        var scopes = Arrays.stream(granted.split(" ", -1))
                .flatMap(scope -> Scope.parse(scope).stream())
                .collect(Collectors.toSet());
        return accounts.findById(subject.get())
                .map(account -> new Caller(account, scopes, credential.get(), jwt.getExpiresAt()));
    }

    private static Optional<UUID> uuid(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
