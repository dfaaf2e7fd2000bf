package dev.freshet.identity.credential;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.account.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Tickets, which open a stream where the client can send neither a header nor a cookie. */
@RestController
@Tag(name = "Accounts")
class StreamTicketController {

    private static final Duration TICKET_LIFETIME = Duration.ofMinutes(1);

    private final Credentials credentials;

    StreamTicketController(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * A new ticket.
     *
     * @param expiresAt time until which one stream can be opened with it
     */
    record StreamTicket(String ticket, Instant expiresAt) {}

    @PostMapping("/api/v1/stream-tickets")
    @Operation(
            summary = "Get a ticket for a stream",
            description = "Send it once as the parameter ticket of /api/v1/articles, within a minute. The stream ends"
                    + " with the credential of this request.")
    Mono<ResponseEntity<StreamTicket>> create(@CurrentCaller Caller caller) {
        return credentials
                .issueTicket(caller, Set.of(Scope.ARTICLES_READ), TICKET_LIFETIME)
                .map(issued -> ResponseEntity.status(HttpStatus.CREATED)
                        .cacheControl(CacheControl.noStore())
                        .body(new StreamTicket(
                                issued.secret().text(),
                                Objects.requireNonNull(issued.credential().expiresAt()))));
    }
}
