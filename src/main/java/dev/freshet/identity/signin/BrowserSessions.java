package dev.freshet.identity.signin;

import dev.freshet.identity.account.AuthenticatedAccount;
import dev.freshet.identity.account.CallerAuthentication;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.AuthSettings;
import dev.freshet.identity.credential.Callers;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Secret;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.server.context.ServerSecurityContextRepository;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sessions of browsers. Their cookie is hidden from scripts, and other sites can send it only with links to this server.
 * The digest of its secret is in PostgreSQL, so that all instances accept it and its revocation reaches them all.
 */
@Component
public final class BrowserSessions implements ServerSecurityContextRepository {

    private static final String COOKIE = "freshet";
    // Scripts request the session only if one exists. It grants nothing.
    private static final String MARKER_COOKIE = "freshet-signed-in";

    private final Credentials credentials;
    private final Callers callers;
    private final AuthSettings settings;

    BrowserSessions(Credentials credentials, Callers callers, AuthSettings settings) {
        this.credentials = credentials;
        this.callers = callers;
        this.settings = settings;
    }

    /**
     * Starts a session for the browser of a request and ends its previous one, if any. Fails like
     * {@link Credentials#issueSession}.
     */
    public Mono<Void> begin(AuthenticatedAccount account, ServerWebExchange exchange) {
        return end(exchange)
                .then(Mono.defer(() -> credentials.issueSession(
                        account,
                        CredentialType.COOKIE,
                        UserAgent.of(exchange.getRequest().getHeaders().getFirst(HttpHeaders.USER_AGENT)),
                        // The caller's role limits these for each request.
                        Scope.of(Role.ADMIN),
                        settings.sessionLifetime())))
                .doOnNext(issued -> set(exchange, issued.secret().text(), settings.sessionLongest()))
                .then();
    }

    /** Ends the session of the browser of a request, at every instance within seconds. */
    public Mono<Void> end(ServerWebExchange exchange) {
        return Mono.justOrEmpty(secret(exchange.getRequest()))
                .flatMap(callers::byCookie)
                .flatMap(credentials::revoke)
                .then(Mono.fromRunnable(() -> clear(exchange)));
    }

    /** Deletes the cookies of a browser that authenticated with them. */
    void clear(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        if (hasCookie(request) && !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)) {
            set(exchange, "", Duration.ZERO);
        }
    }

    /** Returns whether a request carries the session cookie, valid or not. */
    public static boolean hasCookie(ServerHttpRequest request) {
        return secret(request).isPresent();
    }

    @Override
    public Mono<SecurityContext> load(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        // An Authorization header wins: such a request skips the cross-site check, so it must not use the cookie.
        return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                ? Mono.empty()
                : Mono.justOrEmpty(secret(request))
                        .flatMap(callers::byCookie)
                        .<SecurityContext>map(caller -> new SecurityContextImpl(new CallerAuthentication(caller)))
                        // Several filters load it for one request.
                        .cache();
    }

    /** Does nothing: only {@link #begin} starts a session. */
    @Override
    public Mono<Void> save(ServerWebExchange exchange, @Nullable SecurityContext context) {
        return Mono.empty();
    }

    private static Optional<Secret> secret(ServerHttpRequest request) {
        return Optional.ofNullable(request.getCookies().getFirst(Cookies.name(COOKIE, request)))
                .map(HttpCookie::getValue)
                .filter(value -> !value.isEmpty())
                .map(Secret::new);
    }

    private static void set(ServerWebExchange exchange, String secret, Duration maxAge) {
        Cookies.set(exchange, COOKIE, secret, maxAge);
        Cookies.setReadable(exchange, MARKER_COOKIE, secret.isEmpty() ? "" : "1", maxAge);
    }
}
