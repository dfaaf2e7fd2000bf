package dev.freshet.identity.signin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.AuthSettings;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Credentials.Issued;
import dev.freshet.identity.credential.Secret;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sign-in with a password, refresh, and sign-out. */
@RestController
@Tag(name = "Accounts")
class SessionController {

    private final Accounts accounts;
    private final SignIn signIn;
    private final Credentials credentials;
    private final Tokens tokens;
    private final AuthSettings settings;
    private final BrowserSessions sessions;

    SessionController(
            Accounts accounts,
            SignIn signIn,
            Credentials credentials,
            Tokens tokens,
            AuthSettings settings,
            BrowserSessions sessions) {
        this.accounts = accounts;
        this.signIn = signIn;
        this.credentials = credentials;
        this.tokens = tokens;
        this.settings = settings;
        this.sessions = sessions;
    }

    /** @param name or e-mail address */
    record NameAndPassword(@Nullable String name, @Nullable String password) {}

    record RefreshRequest(@Nullable String refreshToken) {}

    /**
     * The tokens of a session.
     *
     * @param expiresIn lifetime of the access token in seconds
     * @param refreshToken can be used once, to get new tokens
     * @param scope the scopes of the access token, separated by spaces
     */
    record Session(String accessToken, String tokenType, long expiresIn, String refreshToken, String scope) {}

    @PostMapping("/api/v1/session")
    @Operation(summary = "Sign in", description = "With a name or an e-mail address, and a password.")
    Mono<ResponseEntity<Session>> signIn(@RequestBody NameAndPassword body, ServerHttpRequest request) {
        return signIn.check(body.name(), body.password(), request)
                .flatMap(authenticated -> credentials
                        .issueSession(
                                authenticated,
                                CredentialType.SESSION,
                                UserAgent.of(request),
                                Set.of(),
                                settings.sessionLifetime())
                        .flatMap(issued -> session(authenticated.account(), issued)));
    }

    @PostMapping("/api/v1/session/refresh")
    @Operation(
            summary = "Renew an access token",
            description = "Each refresh token can be used once. Reusing one ends the session.")
    Mono<ResponseEntity<Session>> refresh(@RequestBody RefreshRequest body) {
        return credentials
                .renew(
                        new Secret(AccountFields.require("refreshToken", body.refreshToken())),
                        settings.sessionLifetime())
                .flatMap(issued ->
                        accounts.findActive(issued.credential().account()).flatMap(account -> session(account, issued)))
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because(
                        "The refresh token is invalid, expired, revoked or already used. Sign in again.")));
    }

    /**
     * The account and rights of a request.
     *
     * @param scope the scopes of this request's credential, separated by spaces
     * @param expiresAt when that credential expires; null for never
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CurrentSession(
            Account account, String scope, @Nullable Instant expiresAt) {}

    @GetMapping("/api/v1/session")
    @Operation(summary = "Read your account and scopes")
    ResponseEntity<CurrentSession> show(@CurrentCaller Caller caller) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new CurrentSession(caller.account(), Tokens.text(caller.scopes()), caller.expiresAt()));
    }

    @DeleteMapping("/api/v1/session")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Sign out",
            description = "Revokes the credential of this request, at every instance within seconds.")
    Mono<Void> signOut(@CurrentCaller Caller caller, @Parameter(hidden = true) ServerWebExchange exchange) {
        return credentials.revoke(caller).then(Mono.fromRunnable(() -> sessions.clear(exchange)));
    }

    private Mono<ResponseEntity<Session>> session(Account account, Issued issued) {
        var scopes = Scope.of(account.role());
        return tokens.issue(
                        account.id(),
                        scopes,
                        settings.accessLifetime(),
                        issued.credential().id())
                .map(token -> ResponseEntity.ok()
                        .cacheControl(CacheControl.noStore())
                        .body(new Session(
                                token,
                                "Bearer",
                                settings.accessLifetime().toSeconds(),
                                issued.secret().text(),
                                Tokens.text(scopes))));
    }
}
