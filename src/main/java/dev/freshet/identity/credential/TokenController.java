package dev.freshet.identity.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The caller's API tokens for programs: with a name, scopes and an end, shown once. */
@RestController
@RequestMapping("/api/v1/tokens")
@Tag(name = "Accounts")
class TokenController {

    private static final int MAX_NAME_LENGTH = 100;
    // RFC 3339 has no later years.
    private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private final Credentials credentials;

    TokenController(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * A request for a token.
     *
     * @param name for its owner
     * @param scopes at least one, all granted by the caller's own credential
     * @param expiresAt null for a token that is valid until it is revoked
     */
    record TokenRequest(
            @Nullable String name,
            @Nullable List<String> scopes,
            @Nullable Instant expiresAt) {}

    /**
     * A token.
     *
     * @param token the secret; only in the response that creates it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ApiToken(
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

    record ApiTokens(List<ApiToken> items) {}

    @GetMapping
    @Operation(summary = "List your tokens, newest first")
    Mono<ApiTokens> list(@CurrentCaller Caller caller) {
        return credentials
                .of(caller.account().id(), CredentialType.TOKEN)
                .map(credential -> ApiToken.of(credential, null))
                .collectList()
                .map(ApiTokens::new);
    }

    @PostMapping
    @Operation(summary = "Create a token for a program", description = "Only this response shows the token.")
    Mono<ResponseEntity<ApiToken>> create(@CurrentCaller Caller caller, @RequestBody TokenRequest request) {
        var errors = new ArrayList<Invalid>();
        var name = request.name() == null ? "" : request.name().strip();
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
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
                .map(issued -> ResponseEntity.created(URI.create(
                                "/api/v1/tokens/" + issued.credential().id()))
                        .cacheControl(CacheControl.noStore())
                        .body(ApiToken.of(issued.credential(), issued.secret())));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Revoke a token",
            description = "Takes effect at every instance within seconds, and ends its streams.")
    Mono<Void> revoke(@PathVariable UUID id, @CurrentCaller Caller caller) {
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
