package dev.freshet.identity.credential;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.credential.StreamTickets.StreamTicket;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
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

    private final StreamTickets tickets;

    StreamTicketController(StreamTickets tickets) {
        this.tickets = tickets;
    }

    @PostMapping("/api/v1/stream-tickets")
    @Operation(
            summary = "Get a ticket for a stream",
            description = "Send it once as the parameter ticket of /api/v1/articles, within a minute. The stream ends"
                    + " with the credential of this request.")
    Mono<ResponseEntity<StreamTicket>> create(@CurrentCaller Caller caller) {
        return tickets.issue(caller)
                .map(ticket -> ResponseEntity.status(HttpStatus.CREATED)
                        .cacheControl(CacheControl.noStore())
                        .body(ticket));
    }
}
