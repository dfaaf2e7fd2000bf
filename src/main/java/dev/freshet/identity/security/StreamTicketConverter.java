package dev.freshet.identity.security;

import dev.freshet.platform.http.Representation;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Reads the credential of a request: a bearer token in {@code Authorization}, or, for a stream, a ticket in the query,
 * for clients that cannot set headers.
 */
final class StreamTicketConverter implements ServerAuthenticationConverter {

    static final String TICKET = "ticket";

    private final ServerAuthenticationConverter bearers = new ServerBearerTokenAuthenticationConverter();

    /** A ticket, which is accepted only here. */
    static final class Ticket extends BearerTokenAuthenticationToken {

        Ticket(String secret) {
            super(secret);
        }
    }

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        var ticket = request.getQueryParams().getFirst(TICKET);
        return ticket == null
                        || ticket.isEmpty()
                        || request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                        || !Representation.isStream(exchange)
                ? bearers.convert(exchange)
                : Mono.just(new Ticket(ticket));
    }
}
