package dev.freshet.identity.signin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountView;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.account.RequiresToken;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.AuthSettings;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Credentials.Issued;
import dev.freshet.identity.credential.Secret;
import dev.freshet.identity.credential.SigningKeys;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
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

/** Sign-in with a password, renewal, and sign-out. */
@RestController
@Tag(name = "Accounts")
class SessionController {

    private static final int LONGEST_AGENT = 100;

    private final Accounts accounts;
    private final SignIn signIn;
    private final Credentials credentials;
    private final Tokens tokens;
    private final SigningKeys keys;
    private final AuthSettings settings;
    private final BrowserSessions sessions;

    SessionController(
            Accounts accounts,
            SignIn signIn,
            Credentials credentials,
            Tokens tokens,
            SigningKeys keys,
            AuthSettings settings,
            BrowserSessions sessions) {
        this.accounts = accounts;
        this.signIn = signIn;
        this.credentials = credentials;
        this.tokens = tokens;
        this.keys = keys;
        this.settings = settings;
        this.sessions = sessions;
    }

    /** @param name or e-mail address */
    record NameAndPassword(@Nullable String name, @Nullable String password) {}

    record Renewal(@Nullable String refreshToken) {}

    /**
     * The tokens of a session.
     *
     * @param expiresIn seconds
     * @param refreshToken valid once, for the next tokens
     * @param scope the scopes of the access token, separated by spaces
     */
    record Session(String accessToken, String tokenType, long expiresIn, String refreshToken, String scope) {}

    @PostMapping("/api/v1/session")
    @Operation(summary = "Sign in", description = "With a name or an e-mail address, and a password.")
    Mono<ResponseEntity<Session>> signIn(@RequestBody NameAndPassword wanted, ServerHttpRequest request) {
        return signIn.check(wanted.name(), wanted.password(), request)
                .flatMap(account -> credentials
                        .issue(
                                account.id(),
                                CredentialType.SESSION,
                                agent(request),
                                Set.of(),
                                settings.sessionLifetime())
                        .flatMap(issued -> session(account, issued)));
    }

    @PostMapping("/api/v1/session/refresh")
    @Operation(
            summary = "Renew an access token",
            description = "A refresh token is good once; who shows it again ends the session.")
    Mono<ResponseEntity<Session>> renew(@RequestBody Renewal renewal) {
        return credentials
                .renew(new Secret(SignIn.require("refreshToken", renewal.refreshToken())), settings.sessionLifetime())
                .flatMap(issued ->
                        accounts.findActive(issued.credential().account()).flatMap(account -> session(account, issued)))
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because(
                        "The refresh token is not valid: it is expired, revoked or was used before. Sign in again.")));
    }

    /**
     * The signed-in account.
     *
     * @param scope the scopes of this request's credential, separated by spaces
     * @param expiresAt end of that credential; null for never
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Present(
            AccountView account, String scope, @Nullable Instant expiresAt) {}

    @GetMapping("/api/v1/session")
    @RequiresToken
    @Operation(summary = "Who is signed in")
    ResponseEntity<Present> show(@CurrentCaller Caller caller) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Present(AccountView.of(caller.account()), Tokens.text(caller.scopes()), caller.expiresAt()));
    }

    @DeleteMapping("/api/v1/session")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequiresToken
    @Operation(
            summary = "Sign out",
            description = "Revokes what this request was authorised with: at every instance within seconds.")
    Mono<Void> signOut(@CurrentCaller Caller caller, @Parameter(hidden = true) ServerWebExchange exchange) {
        return credentials.revoke(caller).then(Mono.fromRunnable(() -> sessions.clear(exchange)));
    }

    @GetMapping("/.well-known/jwks.json")
    @Operation(summary = "The keys that access tokens are checked with (RFC 7517)")
    Mono<ResponseEntity<Map<String, Object>>> keys() {
        return keys.published()
                .map(set -> ResponseEntity.ok()
                        .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic())
                        .body(set.toJSONObject()));
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

    /** Returns the user agent, by which the owner recognises a session. */
    static String agent(ServerHttpRequest request) {
        var agent = Optional.ofNullable(request.getHeaders().getFirst(HttpHeaders.USER_AGENT))
                .orElse("");
        return agent.substring(0, Math.min(LONGEST_AGENT, agent.length())).replaceAll("\\p{Cntrl}", " ");
    }
}
