package dev.freshet.identity.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The sessions of the caller's account, and their end. */
@RestController
@RequestMapping("/api/v1/account/sessions")
@Tag(name = "Accounts")
class AccountSessionController {

    private final Credentials credentials;

    AccountSessionController(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * A session.
     *
     * @param agent the user agent of the client that signed in
     * @param renewedAt time of the last renewal, null for none; a browser's session is renewed on use
     * @param expiresAt its end unless it is renewed before
     * @param current whether this request belongs to it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AccountSession(
            UUID id,
            String agent,
            Instant createdAt,
            @Nullable Instant renewedAt,
            @Nullable Instant expiresAt,
            boolean current) {

        static AccountSession of(Credential session, Caller caller) {
            return new AccountSession(
                    session.id(),
                    session.name(),
                    session.createdAt(),
                    session.usedAt(),
                    session.expiresAt(),
                    session.id().equals(caller.credential()));
        }
    }

    record AccountSessions(List<AccountSession> items) {}

    @GetMapping
    @Operation(summary = "List your sessions, newest first")
    Mono<AccountSessions> list(@CurrentCaller Caller caller) {
        return credentials
                .of(caller.account().id(), CredentialType.SESSION, CredentialType.COOKIE)
                .map(session -> AccountSession.of(session, caller))
                .collectList()
                .map(AccountSessions::new);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "End one of your sessions")
    Mono<Void> end(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return credentials
                .of(caller.account().id(), CredentialType.SESSION, CredentialType.COOKIE)
                .filter(session -> session.id().equals(id))
                .next()
                .switchIfEmpty(
                        Mono.error(() -> Problem.SESSION_NOT_FOUND.because("Your account has no session of this id.")))
                .flatMap(session -> credentials.revoke(List.of(session.id())));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "End all your other sessions",
            description = "Keeps the session of this request, and tokens for programs.")
    Mono<Void> endOthers(@CurrentCaller Caller caller) {
        return credentials
                .of(caller.account().id(), CredentialType.SESSION, CredentialType.COOKIE)
                .map(Credential::id)
                .filter(id -> !id.equals(caller.credential()))
                .collectList()
                .flatMap(credentials::revoke);
    }
}
