package dev.freshet.identity.account;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * The caller of a request with a valid credential of any type, and the scopes that this credential grants.
 *
 * @param account in its present state, not as of the creation of the credential
 * @param scopes the scopes that both the credential and the account's role grant
 * @param credential the id to revoke in order to invalidate the credential
 * @param expiresAt end of the credential; null for none
 */
public record Caller(
        Account account,
        Set<Scope> scopes,
        UUID credential,
        @Nullable Instant expiresAt) implements AuthenticatedPrincipal {

    public Caller {
        scopes = Scope.of(account.role(), scopes);
    }

    /** Returns the caller of a request; empty for an anonymous one. */
    public static Mono<Caller> of(ServerRequest request) {
        return request.principal()
                .cast(Authentication.class)
                .mapNotNull(Authentication::getPrincipal)
                .cast(Caller.class);
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

    /** Returns whether the account's role includes this one. */
    public boolean isAtLeast(Role role) {
        return account.role().isAtLeast(role);
    }
}
