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
 * Who makes a request, and what the credential that it showed allows: the principal of each request that is not
 * anonymous, whatever the credential is.
 *
 * @param account as it is now, not as it was when the credential was made
 * @param scopes what both the credential and the account's role allow
 * @param credential what has to be revoked so that this one is good no more
 * @param expiresAt when the credential ends; null for never
 */
public record Caller(
        Account account,
        Set<Scope> scopes,
        UUID credential,
        @Nullable Instant expiresAt) implements AuthenticatedPrincipal {

    public Caller {
        scopes = Scope.of(account.role(), scopes);
    }

    /** Who makes a request; empty for who is anonymous. */
    public static Mono<Caller> of(ServerRequest request) {
        return request.principal()
                .cast(Authentication.class)
                .mapNotNull(Authentication::getPrincipal)
                .cast(Caller.class);
    }

    /** The account's id. */
    public UUID id() {
        return account.id();
    }

    /** The account's id. */
    @Override
    public String getName() {
        return id().toString();
    }

    /** Whether the account's role is this one or one that may more. */
    public boolean isAtLeast(Role role) {
        return account.role().isAtLeast(role);
    }
}
