package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.CallerAuthentication;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.AuthSettings;
import dev.freshet.identity.credential.Callers;
import dev.freshet.identity.credential.Credential.Kind;
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
 * Keeps browsers signed in by a cookie that scripts can't read, and that no other site's requests carry but links to here.
 * Its secret is kept with the data, so every instance knows it, and it ends everywhere.
 */
@Component
public final class BrowserSessions implements ServerSecurityContextRepository {

    private static final String NAME = "freshet";
    // Tells scripts that it is worth asking who is signed in. It proves nothing.
    private static final String MARK = "freshet-signed-in";

    private final Credentials credentials;
    private final Callers callers;
    private final AuthSettings settings;

    BrowserSessions(Credentials credentials, Callers callers, AuthSettings settings) {
        this.credentials = credentials;
        this.callers = callers;
        this.settings = settings;
    }

    /** Signs the browser of a request in, and ends the session that it may have had. */
    public Mono<Void> begin(Account account, ServerWebExchange exchange) {
        return end(exchange)
                .then(Mono.defer(() -> credentials.issue(
                        account.id(),
                        Kind.COOKIE,
                        SessionController.agent(exchange.getRequest()),
                        // All that the role allows, whatever it is at that time.
                        Scope.of(Role.ADMIN),
                        settings.sessionLifetime())))
                .doOnNext(issued -> set(exchange, issued.secret().text(), settings.sessionLongest()))
                .then();
    }

    /** Signs the browser of a request out, at every instance within seconds. */
    public Mono<Void> end(ServerWebExchange exchange) {
        return Mono.justOrEmpty(secret(exchange.getRequest()))
                .flatMap(callers::byCookie)
                .flatMap(credentials::revoke)
                .then(Mono.fromRunnable(() -> clear(exchange)));
    }

    /** Makes a browser forget its cookies, where they are what it was known by. */
    void clear(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        if (isShownBy(request) && !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)) {
            set(exchange, "", Duration.ZERO);
        }
    }

    /** Whether a request carries the cookie, good or not. */
    public static boolean isShownBy(ServerHttpRequest request) {
        return secret(request).isPresent();
    }

    @Override
    public Mono<SecurityContext> load(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        // Who sends both means the other; and with it the request escapes the check of where it comes from.
        return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                ? Mono.empty()
                : Mono.justOrEmpty(secret(request))
                        .flatMap(callers::byCookie)
                        .<SecurityContext>map(caller -> new SecurityContextImpl(new CallerAuthentication(caller)))
                        // Several ask for it in the course of a request.
                        .cache();
    }

    /** Does nothing: signing in alone makes a session. */
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
