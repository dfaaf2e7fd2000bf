package dev.freshet.platform.problem;

import io.netty.channel.unix.Errors.NativeIoException;
import java.nio.channels.ClosedChannelException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reports errors to clients, wherever they occur: in controllers, before them, or in filters. It writes problem details
 * without content negotiation, since an error must be reported whatever the client accepts.
 */
@Component
@Order(-2)
public class ProblemHandler implements ErrorWebExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_SECONDS = "5";
    private static final String LATER_SECONDS = "30";

    private final JsonMapper json;

    ProblemHandler(JsonMapper json) {
        this.json = json;
    }

    /**
     * Sends the problem of an exception. Logs a server fault with a reference that the client receives too.
     *
     * @return completes after the response is written; fails with the exception if the application has started a response
     */
    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        return handle(exchange.getRequest(), exchange.getResponse(), error);
    }

    /** Does the same without an exchange. */
    public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response, Throwable error) {
        if (response.isCommitted()) {
            return Mono.error(error);
        }
        if (isOver(response) || isDisconnect(error)) {
            log.debug("{} {} has no recipient: {}", request.getMethod(), request.getPath(), error.toString());
            response.setRawStatusCode(Problem.INVALID_REQUEST.status().value());
            return Mono.empty();
        }
        var problem = Problems.of(error);
        var body = problem == null ? fault(request, error) : problem.getBody();
        response.setRawStatusCode(body.getStatus());
        return write(request, response, error, body);
    }

    private Mono<Void> write(
            ServerHttpRequest request, ServerHttpResponse response, Throwable error, ProblemDetail body) {
        var bytes = json.writeValueAsBytes(body);
        var headers = response.getHeaders();
        headers.remove(HttpHeaders.ETAG);
        headers.remove(HttpHeaders.LOCATION);
        if (error instanceof ErrorResponse known) {
            headers.putAll(known.getHeaders());
        }
        if (!headers.containsHeader(HttpHeaders.RETRY_AFTER)
                && (body.getStatus() == Problem.UNAVAILABLE.status().value()
                        || body.getStatus() == Problem.TOO_MANY_STREAMS.status().value())) {
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Problem.TOO_MANY_REQUESTS.type().equals(body.getType()) ? LATER_SECONDS : RETRY_SECONDS);
        }
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(bytes.length);
        headers.setCacheControl("no-store");
        return HttpMethod.HEAD.equals(request.getMethod())
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
    }

    private static ProblemDetail fault(ServerHttpRequest request, Throwable error) {
        var reference = UUID.randomUUID().toString();
        log.error("{} {} failed, reference {}", request.getMethod(), request.getPath(), reference, error);
        var body = Problem.INTERNAL
                .because("An unexpected error occurred. The server's log has its details under the reference.")
                .getBody();
        body.setProperty("reference", reference);
        return body;
    }

    /** Returns whether the client has left, or the web server itself has answered a request that it could not read. */
    private static boolean isOver(ServerHttpResponse response) {
        if (!(ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse http)) {
            return false;
        }
        var isActive = new AtomicBoolean();
        http.withConnection(connection -> isActive.setPlain(connection.channel().isActive()));
        return http.hasSentHeaders() || !isActive.getPlain();
    }

    /** Faults of other connections are wrapped in exceptions of their clients. */
    private static boolean isDisconnect(Throwable error) {
        return error instanceof AbortedException
                || error instanceof ClosedChannelException
                || error instanceof NativeIoException;
    }
}
