package dev.freshet.identity.credential;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.credential.SessionRequests.AccountSession;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
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

    private final SessionRequests sessions;

    AccountSessionController(SessionRequests sessions) {
        this.sessions = sessions;
    }

    record AccountSessions(List<AccountSession> items) {}

    @GetMapping
    @Operation(summary = "List your sessions, newest first")
    Mono<AccountSessions> list(@CurrentCaller Caller caller) {
        return sessions.list(caller).map(AccountSessions::new);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "End one of your sessions")
    Mono<Void> end(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return sessions.end(caller, id);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "End all your other sessions",
            description = "Keeps the session of this request, and tokens for programs.")
    Mono<Void> endOthers(@CurrentCaller Caller caller) {
        return sessions.endOthers(caller);
    }
}
