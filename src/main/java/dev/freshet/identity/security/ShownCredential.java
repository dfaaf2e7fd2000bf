package dev.freshet.identity.security;

import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
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
final class ShownCredential implements ServerAuthenticationConverter {

    private static final String STREAMS = "/api/v1/articles";
    private static final String TICKET = "ticket";
    private static final Set<String> FORMATS = Set.of("sse", "ndjson");
    private static final Set<MediaType> TYPES = Set.of(MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_NDJSON);

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
                        || !isForStream(request)
                ? bearers.convert(exchange)
                : Mono.just(new Ticket(ticket));
    }

    private static boolean isForStream(ServerHttpRequest request) {
        var format = request.getQueryParams().getFirst("format");
        return HttpMethod.GET.equals(request.getMethod())
                && STREAMS.equals(request.getPath().value())
                && (format == null ? isStreamAccepted(request) : FORMATS.contains(format));
    }

    private static boolean isStreamAccepted(ServerHttpRequest request) {
        try {
            return request.getHeaders().getAccept().stream()
                    .anyMatch(type -> TYPES.stream().anyMatch(type::equalsTypeAndSubtype));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
