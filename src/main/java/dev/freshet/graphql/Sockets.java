package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/** The open WebSockets of {@code /graphql}. Thread-safe. */
final class Sockets implements SmartLifecycle, SocketSession.Registry {

    private static final String VERSION = "13";
    private static final String PROTOCOLS_HEADER = "Sec-WebSocket-Protocol";
    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String KEY_HEADER = "Sec-WebSocket-Key";
    // Longer than the drain of the streams, which ends the sockets that have any.
    private static final Duration MAX_DRAIN = Duration.ofSeconds(20);

    private final SocketServices services;
    private final Set<SocketSession> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean running;
    private volatile boolean draining;

    Sockets(SocketServices services) {
        this.services = services;
    }

    /** Returns whether a request asks for a WebSocket. */
    static boolean isUpgrade(ServerRequest request) {
        return list(request, HttpHeaders.UPGRADE).anyMatch("websocket"::equalsIgnoreCase);
    }

    /** Makes the connection of a request a WebSocket, or fails with the problem to report. */
    Mono<ServerResponse> upgrade(ServerRequest request) {
        var headers = request.headers().asHttpHeaders();
        if (list(request, HttpHeaders.CONNECTION).noneMatch("upgrade"::equalsIgnoreCase)
                || headers.getFirst(KEY_HEADER) == null
                || !VERSION.equals(headers.getFirst(VERSION_HEADER))) {
            return Mono.error(Problem.INVALID_REQUEST.because(
                    "The handshake is invalid. Send one of WebSocket version " + VERSION + " (RFC 6455)."));
        }
        if (list(request, PROTOCOLS_HEADER).noneMatch(SocketMessages.PROTOCOL::equals)) {
            return Mono.error(Problem.INVALID_REQUEST.because(
                    "The subprotocol is not offered. Use a client of " + SocketMessages.PROTOCOL + "."));
        }
        if (draining) {
            return Mono.error(Problem.UNAVAILABLE.because("This instance is stopping. Reconnect to another one."));
        }
        return ServerResponse.ok().body((response, context) -> accept(request, response));
    }

    private static Stream<String> list(ServerRequest request, String header) {
        return request.headers().header(header).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip);
    }

    private Mono<Void> accept(ServerRequest request, ServerHttpResponse response) {
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        var spec = WebsocketServerSpec.builder()
                .protocols(SocketMessages.PROTOCOL)
                .maxFramePayloadLength(services.settings().maxMessageBytes())
                .handlePing(true)
                .build();
        // Writes the headers of the filters into the response of the handshake.
        return response.setComplete()
                .then(Mono.defer(() -> server.sendWebsocket(
                        (in, out) -> {
                            var attached = new AtomicReference<Mono<Void>>(Mono.never());
                            in.withConnection(connection -> attached.set(attach(connection, in, request)));
                            return attached.get();
                        },
                        spec)));
    }

    /** Takes over the connection on its event loop, and then the messages that arrived before. */
    private Mono<Void> attach(Connection connection, WebsocketInbound in, ServerRequest request) {
        var origin = Origin.of(request);
        var caller = services.authentication().byHandshake(request.exchange());
        return Mono.fromSupplier(() -> SocketConnection.attach(
                        connection,
                        services.settings(),
                        attached -> new SocketSession(attached, services, origin, caller, this)))
                .subscribeOn(Schedulers.fromExecutor(connection.channel().eventLoop()))
                .flatMapMany(attached -> in.receiveFrames().doOnNext(attached::receiveEarly))
                .onErrorComplete()
                .then(Mono.never());
    }

    @Override
    public boolean opened(SocketSession session) {
        open.add(session);
        if (draining) {
            session.drain();
        }
        return byAddress.merge(session.address(), 1, Integer::sum)
                <= services.settings().maxPerAddress();
    }

    @Override
    public void closed(SocketSession session) {
        open.remove(session);
        byAddress.computeIfPresent(session.address(), (address, count) -> count == 1 ? null : count - 1);
        if (draining && open.isEmpty()) {
            drained.tryEmitEmpty();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Ends the sockets without streams as soon as they are idle. The drain of the streams ends the others. */
    @Override
    public void stop(Runnable callback) {
        running = false;
        draining = true;
        open.forEach(SocketSession::drain);
        if (open.isEmpty()) {
            drained.tryEmitEmpty();
        }
        drained.asMono()
                .timeout(MAX_DRAIN, Mono.empty())
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops together with the streams, before the web server. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
