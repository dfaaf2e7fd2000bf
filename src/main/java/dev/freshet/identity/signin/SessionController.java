package dev.freshet.identity.signin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.identity.signin.SignInRequests.Session;
import dev.freshet.platform.http.ClientAddress;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
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

/** Sign-in with a password, refresh, and sign-out. */
@RestController
@Tag(name = "Accounts")
class SessionController {

    private final SignInRequests requests;
    private final BrowserSessions sessions;

    SessionController(SignInRequests requests, BrowserSessions sessions) {
        this.requests = requests;
        this.sessions = sessions;
    }

    /** @param name or e-mail address */
    record NameAndPassword(@Nullable String name, @Nullable String password) {}

    record RefreshRequest(@Nullable String refreshToken) {}

    @PostMapping("/api/v1/session")
    @Operation(summary = "Sign in", description = "With a name or an e-mail address, and a password.")
    Mono<ResponseEntity<Session>> signIn(@RequestBody NameAndPassword body, ServerHttpRequest request) {
        return requests.signIn(
                        body.name(),
                        body.password(),
                        ClientAddress.of(request.getRemoteAddress()),
                        request.getHeaders().getFirst(HttpHeaders.USER_AGENT))
                .map(SessionController::response);
    }

    @PostMapping("/api/v1/session/refresh")
    @Operation(
            summary = "Renew an access token",
            description = "Each refresh token can be used once. Reusing one ends the session.")
    Mono<ResponseEntity<Session>> refresh(@RequestBody RefreshRequest body) {
        return requests.refresh(body.refreshToken()).map(SessionController::response);
    }

    private static ResponseEntity<Session> response(Session session) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(session);
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
        return requests.signOut(caller).then(Mono.fromRunnable(() -> sessions.clear(exchange)));
    }
}
