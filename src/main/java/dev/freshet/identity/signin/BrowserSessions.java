package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
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
 * Keeps browsers signed in by a cookie that scripts cannot read and that requests of other sites carry only when they
 * are links. Its secret is stored with the data, so every instance knows it, and its end applies everywhere.
 */
@Component
public final class BrowserSessions implements ServerSecurityContextRepository {

    private static final String NAME = "freshet";
    // A hint for scripts that a request for the session is worthwhile. It proves nothing.
    private static final String MARK = "freshet-signed-in";

    private final Credentials credentials;
    private final Callers callers;
    private final AuthSettings settings;

    BrowserSessions(Credentials credentials, Callers callers, AuthSettings settings) {
        this.credentials = credentials;
        this.callers = callers;
        this.settings = settings;
    }

    /** Signs a browser in, and ends its earlier session. */
    public Mono<Void> begin(Account account, ServerWebExchange exchange) {
        return end(exchange)
                .then(Mono.defer(() -> credentials.issue(
                        account.id(),
                        CredentialType.COOKIE,
                        SessionController.agent(exchange.getRequest()),
                        // All scopes of the role, whatever the role is later.
                        Scope.of(Role.ADMIN),
                        settings.sessionLifetime())))
                .doOnNext(issued -> set(exchange, issued.secret().text(), settings.sessionLongest()))
                .then();
    }

    /** Signs a browser out, at every instance within seconds. */
    public Mono<Void> end(ServerWebExchange exchange) {
        return Mono.justOrEmpty(secret(exchange.getRequest()))
                .flatMap(callers::byCookie)
                .flatMap(credentials::revoke)
                .then(Mono.fromRunnable(() -> clear(exchange)));
    }

    /** Deletes the cookies of a browser that was authenticated by them. */
    void clear(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        if (isShownBy(request) && !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)) {
            set(exchange, "", Duration.ZERO);
        }
    }

    /** Returns whether a request carries the cookie, valid or not. */
    public static boolean isShownBy(ServerHttpRequest request) {
        return secret(request).isPresent();
    }

    @Override
    public Mono<SecurityContext> load(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        // The header takes precedence, and exempts the request from the cross-site check.
        return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                ? Mono.empty()
                : Mono.justOrEmpty(secret(request))
                        .flatMap(callers::byCookie)
                        .<SecurityContext>map(caller -> new SecurityContextImpl(new CallerAuthentication(caller)))
                        // Several components load it in the course of a request.
                        .cache();
    }

    /** Does nothing: only signing in creates a session. */
    @Override
    public Mono<Void> save(ServerWebExchange exchange, @Nullable SecurityContext context) {
        return Mono.empty();
    }

    private static Optional<Secret> secret(ServerHttpRequest request) {
        return Optional.ofNullable(request.getCookies().getFirst(Cookies.name(NAME, request)))
                .map(HttpCookie::getValue)
                .filter(value -> !value.isEmpty())
                .map(Secret::new);
    }

    private static void set(ServerWebExchange exchange, String secret, Duration age) {
        Cookies.set(exchange, NAME, secret, age);
        Cookies.setReadable(exchange, MARK, secret.isEmpty() ? "" : "1", age);
    }
}
