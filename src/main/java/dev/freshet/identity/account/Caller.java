package dev.freshet.identity.account;

import java.security.Principal;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * The principal of every authenticated request: an account with the rights of the request's credential.
 *
 * @param account as it was at most a second ago, not when the credential was issued
 * @param scopes the scopes of the credential that the account's role allows
 * @param credential the id to revoke in order to end the credential
 * @param expiresAt when the credential expires; null for never
 */
public record Caller(
        Account account,
        Set<Scope> scopes,
        UUID credential,
        @Nullable Instant expiresAt) implements AuthenticatedPrincipal {

    public Caller {
        scopes = Scope.of(account.role(), scopes);
    }

    /** Returns the caller of a request; empty if it is anonymous. */
    public static Mono<Caller> of(ServerRequest request) {
        return of(request.principal());
    }

    /** Returns the caller that is the principal of a request; empty if it is anonymous. */
    public static Mono<Caller> of(Mono<? extends Principal> principal) {
        return principal
                .ofType(Authentication.class)
                .mapNotNull(Authentication::getPrincipal)
                .ofType(Caller.class);
    }

    /** Returns the account's id. */
    public UUID id() {
        return account.id();
    }

    /** Returns the account's id. */
    @Override
    public String getName() {
        return id().toString();
    }

    /** Returns whether the account's role includes the rights of this one. */
    public boolean isAtLeast(Role role) {
        return account.role().isAtLeast(role);
    }
}
