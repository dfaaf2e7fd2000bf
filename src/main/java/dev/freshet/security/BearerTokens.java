package dev.freshet.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.account.Accounts;
import dev.freshet.security.Credential.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
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

/**
 * Finds out who bears a token (RFC 6750): an access token, or one that its owner made for a program. The account is looked
 * up each time, so that one that is no more has no rights, and revocations are asked for after all that is remembered.
 */
@Component
class BearerTokens implements ReactiveAuthenticationManager {

    private static final int MOST = 10_000;
    private static final Duration KNOWN = Duration.ofMinutes(1);

    private final ReactiveJwtDecoder decoder;
    private final Credentials credentials;
    private final Accounts accounts;
    private final Revocations revocations;
    // Only good ones, so that nobody can fill this with others.
    private final Cache<String, Credential> known =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KNOWN).build();

    BearerTokens(ReactiveJwtDecoder decoder, Credentials credentials, Accounts accounts, Revocations revocations) {
        this.decoder = decoder;
        this.credentials = credentials;
        this.accounts = accounts;
        this.revocations = revocations;
    }

    @Override
    public Mono<Authentication> authenticate(Authentication asked) {
        return Mono.just(asked)
                .cast(BearerTokenAuthenticationToken.class)
                .flatMap(bearer -> caller(bearer.getToken()))
                .filterWhen(caller -> revocations.check(caller.credential()).map(revoked -> !revoked))
                .<Authentication>map(CallerAuthentication::new)
                .switchIfEmpty(Mono.error(() -> new InvalidBearerTokenException("unknown, revoked or of no account")));
    }

    private Mono<Caller> caller(String token) {
        var secret = new Secret(token);
        return secret.is(Kind.TOKEN)
                ? credential(secret).flatMap(this::caller)
                : decoder.decode(token)
                        .onErrorMap(
                                BadJwtException.class, refused -> new InvalidBearerTokenException("refused", refused))
                        .flatMap(this::caller);
    }

    private Mono<Credential> credential(Secret secret) {
        var found = known.getIfPresent(secret.text());
        return found != null
                ? Mono.just(found).filter(BearerTokens::isGood)
                : credentials.use(secret, Kind.TOKEN).doOnNext(good -> known.put(secret.text(), good));
    }

    private static boolean isGood(Credential credential) {
        return credential.expiresAt() == null || credential.expiresAt().isAfter(Instant.now());
    }

    private Mono<Caller> caller(Credential credential) {
        return caller(credential.account(), credential.scopes(), credential.id(), credential.expiresAt());
    }

    private Mono<Caller> caller(Jwt jwt) {
        var subject = uuid(jwt.getSubject());
        var session = uuid(jwt.getClaimAsString(Tokens.SESSION));
        if (subject.isEmpty() || session.isEmpty()) {
            return Mono.empty();
        }
        var granted = Optional.ofNullable(jwt.getClaimAsString("scope")).orElse("");
        var scopes = Arrays.stream(granted.split(" ", -1))
                .flatMap(scope -> Scope.parse(scope).stream())
                .collect(Collectors.toSet());
        return caller(subject.get(), scopes, session.get(), jwt.getExpiresAt());
    }

    private Mono<Caller> caller(UUID account, Set<Scope> scopes, UUID credential, @Nullable Instant expiresAt) {
        return accounts.findById(account).map(found -> new Caller(found, scopes, credential, expiresAt));
    }

    private static Optional<UUID> uuid(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
