package dev.freshet.graphql;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.signin.BrowserSessions;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The callers of sockets. A credential is checked again for each operation, as that of a request is, since it may expire or
 * be revoked while the socket is open.
 */
final class SocketAuthentication {

    private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

    private final ReactiveAuthenticationManager bearers;
    private final BrowserSessions sessions;

    SocketAuthentication(ReactiveAuthenticationManager bearers, BrowserSessions sessions) {
        this.bearers = bearers;
        this.sessions = sessions;
    }

    /** Returns the caller by the credential of a handshake; empty for none. Each subscription checks it again. */
    Mono<Optional<Caller>> byHandshake(ServerWebExchange handshake) {
        var authorization = handshake.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            return byAuthorization(authorization);
        }
        return BrowserSessions.hasCookie(handshake.getRequest())
                ? caller(Mono.defer(() -> sessions.load(handshake)).mapNotNull(SecurityContext::getAuthentication))
                : Mono.just(Optional.empty());
    }

    /**
     * Returns the caller by a value of {@code Authorization}. Each subscription checks it again.
     *
     * @return fails with an {@code AuthenticationException} if it is not valid
     */
    Mono<Optional<Caller>> byAuthorization(@Nullable String authorization) {
        var bearer = BEARER.matcher(authorization == null ? "" : authorization);
        return bearer.matches()
                ? caller(Mono.defer(() -> bearers.authenticate(new BearerTokenAuthenticationToken(bearer.group(1)))))
                : Mono.error(() -> new BadCredentialsException("Authorization is not Bearer and a token"));
    }

    private static Mono<Optional<Caller>> caller(Mono<Authentication> authentication) {
        return Caller.of(authentication).map(Optional::of).defaultIfEmpty(Optional.empty());
    }
}
