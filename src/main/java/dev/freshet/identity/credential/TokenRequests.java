package dev.freshet.identity.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Requests for the caller's API tokens, as every API makes them. The caller must have the scope {@code account}. Results fail
 * with the problem to report to the client.
 */
@Component
public final class TokenRequests {

    private static final int MAX_NAME_LENGTH = 100;
    // RFC 3339 has no later years.
    private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private final Credentials credentials;

    TokenRequests(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * A request for a token.
     *
     * @param name for its owner
     * @param scopes at least one, all granted by the caller's own credential
     * @param expiresAt null for a token that is valid until it is revoked
     */
    public record TokenRequest(
            @Nullable String name,
            @Nullable List<String> scopes,
            @Nullable Instant expiresAt) {}

    /**
     * A token.
     *
     * @param token the secret; only in the response that creates it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ApiToken(
            UUID id,
            String name,
            List<String> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant usedAt,
            @Nullable String token) {

        static ApiToken of(Credential credential, @Nullable Secret secret) {
            return new ApiToken(
                    credential.id(),
                    credential.name(),
                    credential.scopes().stream().map(Scope::toString).toList(),
                    credential.createdAt(),
                    credential.expiresAt(),
                    credential.usedAt(),
                    secret == null ? null : secret.text());
        }
    }

    /** Lists the caller's tokens, newest first. */
    public Mono<List<ApiToken>> list(Caller caller) {
        return credentials
                .of(caller.account().id(), CredentialType.TOKEN)
                .map(credential -> ApiToken.of(credential, null))
                .collectList();
    }

    /** Creates a token. Only this result has its secret. */
    public Mono<ApiToken> create(Caller caller, TokenRequest request) {
        return Mono.defer(() -> {
            var errors = new ArrayList<Invalid>();
            var name = request.name() == null ? "" : request.name().strip();
            if (name.isEmpty()
                    || name.length() > MAX_NAME_LENGTH
                    || name.chars().anyMatch(Character::isISOControl)) {
                errors.add(new Invalid(
                        "name", "must have 1 to " + MAX_NAME_LENGTH + " characters, none of them a control character"));
            }
            var scopes = scopes(request.scopes() == null ? List.of() : request.scopes(), caller, errors);
            var lifetime = request.expiresAt() == null ? null : Duration.between(Instant.now(), request.expiresAt());
            if (lifetime != null && !lifetime.isPositive()) {
                errors.add(new Invalid("expiresAt", "must be in the future"));
            }
            if (request.expiresAt() != null && request.expiresAt().isAfter(MAX_TIME)) {
                errors.add(new Invalid("expiresAt", "must be before the year 10000"));
            }
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            return credentials
                    .issueToken(caller, name, scopes, lifetime)
                    .map(issued -> ApiToken.of(issued.credential(), issued.secret()));
        });
    }

    /** Revokes a token, at every instance within seconds. Its streams end. */
    public Mono<Void> revoke(Caller caller, UUID id) {
        return credentials
                .of(caller.account().id(), CredentialType.TOKEN)
                .filter(credential -> credential.id().equals(id))
                .next()
                .switchIfEmpty(
                        Mono.error(() -> Problem.TOKEN_NOT_FOUND.because("Your account has no token of this id.")))
                .flatMap(credential -> credentials.revoke(List.of(credential.id())));
    }

    private static Set<Scope> scopes(List<String> names, Caller caller, List<Invalid> errors) {
        var scopes = EnumSet.noneOf(Scope.class);
        if (names.isEmpty()) {
            errors.add(new Invalid("scopes", "must name at least one of " + Tokens.text(caller.scopes())));
        }
        for (var name : names) {
            Scope.parse(name)
                    .filter(caller.scopes()::contains)
                    .ifPresentOrElse(
                            scopes::add,
                            () -> errors.add(
                                    new Invalid("scopes", "may only include " + Tokens.text(caller.scopes()))));
        }
        return scopes;
    }
}
