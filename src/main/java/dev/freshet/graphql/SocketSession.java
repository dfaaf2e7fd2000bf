package dev.freshet.graphql;

import dev.freshet.graphql.SocketMessages.FromClient;
import dev.freshet.graphql.SocketMessages.InvalidMessageException;
import dev.freshet.identity.account.Caller;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.Problems;
import dev.freshet.stream.StreamOrder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * The protocol graphql-transport-ws on one socket. Each operation is authenticated, counted and limited as a POST of its
 * own. All methods are called on the socket's event loop, except {@link #drain} and
 * {@link #address}.
 *
 * <p>The protocol can't end one stream so that its client reconnects. So when the server ends a stream, it ends the socket,
 * after a notice to each stream of it.
 */
final class SocketSession implements SocketConnection.Listener, SocketOperation.Owner {

    /** Maintains the list of sockets; called on event loops. */
    interface Registry {

        /** The socket is open. Returns whether a limit permits it. */
        boolean opened(SocketSession session);

        /** The socket is closed, or waits for the client's close frame; called once. */
        void closed(SocketSession session);
    }

    private enum Phase {
        NEW,
        AUTHENTICATING,
        READY,
        CLOSED
    }

    private static final WebSocketCloseStatus FORBIDDEN = status(4403, "Forbidden");
    private static final WebSocketCloseStatus TRY_AGAIN = WebSocketCloseStatus.TRY_AGAIN_LATER;
    // A character takes three bytes at most, and the frame has room for 123.
    private static final int MAX_REASON_CHARACTERS = 41;

    private final SocketConnection connection;
    private final SocketServices services;
    private final Origin origin;
    private final Registry registry;
    private final Map<String, SocketOperation> operations = new HashMap<>();
    private Mono<Optional<Caller>> caller;
    private Phase phase = Phase.NEW;
    private @Nullable Disposable authentication;
    private boolean draining;
    private boolean released;
    // The reason for which the server ends the socket.
    private @Nullable ClosingReason ending;

    /**
     * Creates the session of an open connection.
     *
     * @param caller the caller by the credential of the handshake
     */
    SocketSession(
            SocketConnection connection,
            SocketServices services,
            Origin origin,
            Mono<Optional<Caller>> caller,
            Registry registry) {
        this.connection = connection;
        this.services = services;
        this.origin = origin;
        this.caller = caller;
        this.registry = registry;
    }

    @Override
    public void opened() {
        if (!registry.opened(this)) {
            close(TRY_AGAIN);
        }
        var timeout = services.settings().initTimeout().toMillis();
        var unused = connection
                .loop()
                .schedule(
                        () -> {
                            if (phase == Phase.NEW) {
                                close(status(4408, "Connection initialisation timeout"));
                            }
                        },
                        timeout,
                        TimeUnit.MILLISECONDS);
    }

    /** Returns the network address of the client. Called by any thread. */
    String address() {
        return origin.client();
    }

    @Override
    public void received(String text) {
        if (phase == Phase.CLOSED) {
            return;
        }
        try {
            switch (SocketMessages.parse(text, services.json())) {
                case FromClient.Init init -> init(init.payload());
                case FromClient.Ping ping -> connection.send(SocketMessages.pong(ping.payload()));
                case FromClient.Pong pong -> {}
                case FromClient.Subscribe subscribe -> subscribe(subscribe);
                case FromClient.Complete complete -> cancel(complete.id());
            }
        } catch (InvalidMessageException e) {
            close(status(4400, e.reason()));
        }
    }

    private void init(JsonNode parameters) {
        if (phase != Phase.NEW) {
            close(status(4429, "Too many initialisation requests"));
            return;
        }
        phase = Phase.AUTHENTICATING;
        var authorization = authorization(parameters);
        if (authorization != null) {
            caller = services.authentication().byAuthorization(authorization);
        }
        authentication = caller.publishOn(Schedulers.fromExecutor(connection.loop()))
                .subscribe(
                        known -> {
                            if (phase == Phase.AUTHENTICATING) {
                                phase = Phase.READY;
                                connection.send(SocketMessages.ACK);
                            }
                        },
                        failure -> close(failure instanceof AuthenticationException ? FORBIDDEN : TRY_AGAIN));
    }

    /** Returns the parameter {@code Authorization} in any case; null for none. */
    private static @Nullable String authorization(JsonNode parameters) {
        return parameters.properties().stream()
                .filter(parameter -> parameter.getKey().toLowerCase(Locale.ROOT).equals("authorization"))
                .filter(parameter -> !parameter.getValue().isNull())
                .map(parameter -> parameter.getValue().asString(""))
                .findFirst()
                .orElse(null);
    }

    private void subscribe(FromClient.Subscribe message) {
        if (phase != Phase.READY) {
            close(status(4401, "Unauthorized"));
            return;
        }
        if (ending != null) {
            // The client repeats it on its next socket.
            return;
        }
        var id = message.id();
        if (operations.containsKey(id)) {
            close(status(4409, "Subscriber for " + id + " already exists"));
            return;
        }
        var operation = new SocketOperation(id, connection, this, services.json());
        var isFull = operations.size() >= services.settings().operations();
        operations.put(id, operation);
        if (isFull) {
            operation.fail(SocketOperation.tooMany(services.settings().operations()));
            return;
        }
        operation.start(caller.delayUntil(known -> services.rates()
                        .countWrite(origin.address(), known.map(Caller::id).orElse(null)))
                .flatMap(known -> execute(operation, message.payload(), known)));
    }

    private Mono<Void> execute(SocketOperation operation, JsonNode payload, Optional<Caller> known) {
        return services.operations()
                .prepare(DocumentRequest.parse(payload, services.json()))
                .flatMap(prepared ->
                        services.operations().execute(prepared, Mono.just(known), origin, null, Wire.SOCKET))
                .flatMap(outcome -> switch (outcome) {
                    case Operations.Outcome.Stream stream -> open(operation, stream.order(), known);
                    case Operations.Outcome.Response response -> operation.respond(response);
                });
    }

    private Mono<Void> open(SocketOperation operation, StreamOrder order, Optional<Caller> known) {
        return services.streams()
                .open(order, address(), known.orElse(null), connection.loop(), operation::attach)
                .onErrorResume(failure -> {
                    var problem = Problems.of(failure);
                    // A client repeats no operation that failed, but it opens a socket again.
                    return problem != null && problem.problem() == Problem.UNAVAILABLE
                            ? operation.onLoop(() -> operation.end(ClosingReason.UNAVAILABLE))
                            : Mono.error(failure);
                });
    }

    private void cancel(String id) {
        var operation = operations.remove(id);
        if (operation != null) {
            operation.cancel();
            closeIfOver();
        }
    }

    @Override
    public void ended(SocketOperation operation, ClosingReason reason) {
        operations.remove(operation.id(), operation);
        if (reason == ClosingReason.COMPLETE) {
            closeIfOver();
        } else {
            end(reason);
        }
    }

    @Override
    public int size() {
        return operations.size();
    }

    /** Closes the socket as soon as it has no operation. Called by any thread. */
    void drain() {
        connection.loop().execute(() -> {
            draining = true;
            closeIfOver();
        });
    }

    /** Ends all streams, and closes the socket when queries and mutations in progress have their results. */
    private void end(ClosingReason reason) {
        if (ending == null) {
            ending = reason;
            List.copyOf(operations.values()).forEach(operation -> operation.close(reason));
            closeIfOver();
        }
    }

    private void closeIfOver() {
        if (operations.isEmpty() && (draining || ending != null)) {
            close(
                    switch (Objects.requireNonNullElse(ending, ClosingReason.DRAINING)) {
                        case DRAINING -> WebSocketCloseStatus.SERVICE_RESTART;
                        case EXPIRED, REVOKED -> FORBIDDEN;
                        default -> TRY_AGAIN;
                    });
        }
    }

    private void close(WebSocketCloseStatus status) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            cancelAll();
            connection.close(status);
            // A stop does not wait for the client's close frame.
            release();
        }
    }

    @Override
    public void writable() {
        operations.values().forEach(SocketOperation::writable);
    }

    @Override
    public boolean isStreaming() {
        return operations.values().stream().anyMatch(SocketOperation::isStream);
    }

    @Override
    public void closed() {
        phase = Phase.CLOSED;
        cancelAll();
        if (authentication != null) {
            authentication.dispose();
        }
        release();
    }

    private void release() {
        if (!released) {
            released = true;
            registry.closed(this);
        }
    }

    private void cancelAll() {
        operations.values().forEach(SocketOperation::cancel);
        operations.clear();
    }

    private static WebSocketCloseStatus status(int code, String reason) {
        return new WebSocketCloseStatus(code, reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARACTERS)));
    }
}
