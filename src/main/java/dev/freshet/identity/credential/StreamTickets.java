package dev.freshet.identity.credential;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Issues tickets, which open a stream where the client can send neither a header nor a cookie. */
@Component
public final class StreamTickets {

    private static final Duration LIFETIME = Duration.ofMinutes(1);

    private final Credentials credentials;

    StreamTickets(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * A new ticket.
     *
     * @param expiresAt time until which one stream can be opened with it
     */
    public record StreamTicket(String ticket, Instant expiresAt) {}

    /** Issues a ticket with the scope {@code articles:read}, which the caller must have. */
    public Mono<StreamTicket> issue(Caller caller) {
        return credentials
                .issueTicket(caller, Set.of(Scope.ARTICLES_READ), LIFETIME)
                .map(issued -> new StreamTicket(
                        issued.secret().text(),
                        Objects.requireNonNull(issued.credential().expiresAt())));
    }
}
