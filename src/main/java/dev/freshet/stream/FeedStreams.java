package dev.freshet.stream;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.credential.IdentityChanges;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.ClosingResponse;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.problem.Problems;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/** Opens streams as responses to requests. */
@Component
public final class FeedStreams {

    private final LiveStreams streams;
    private final FeedLog feedLog;
    private final StreamSettings settings;
    private final IdentityChanges changes;

    FeedStreams(LiveStreams streams, FeedLog feedLog, StreamSettings settings, IdentityChanges changes) {
        this.streams = streams;
        this.feedLog = feedLog;
        this.settings = settings;
        this.changes = changes;
    }

    /**
     * Opens a stream for the caller of a request. The caller must be allowed to read its feed.
     *
     * @return fails with the problem to report to the client, unless the format is one of server-sent events: then a
     *     stream that can't open responds with a closing notice
     */
    public Mono<ServerResponse> open(ServerRequest request, StreamOrder order) {
        return client(request)
                .flatMap(client ->
                        ServerResponse.ok().build((exchange, context) -> open(client, order, exchange.getResponse())));
    }

    /** Opens a stream for an anonymous client as a response without an exchange; otherwise like the other method. */
    Mono<Void> open(String address, StreamOrder order, ServerHttpResponse response) {
        return open(StreamClient.anonymous(address), order, response);
    }

    private Mono<Void> open(StreamClient client, StreamOrder order, ServerHttpResponse response) {
        return prepare(client, order)
                .publishOn(eventLoop(response))
                .flatMap(request -> {
                    if (isOver(request, order.start())) {
                        // The only response after which an EventSource does not reconnect.
                        response.setStatusCode(HttpStatus.NO_CONTENT);
                        return response.setComplete();
                    }
                    return open(request, response);
                })
                .onErrorResume(failure -> {
                    var problem = Problems.of(failure);
                    return problem != null && problem.problem() == Problem.UNAVAILABLE
                            ? refuse(order.format(), response, ClosingReason.UNAVAILABLE, problem)
                            : Mono.error(failure);
                });
    }

    /**
     * Opens a stream on a channel that is not a response of its own, such as an operation of a WebSocket. The caller must
     * be allowed to read its feed.
     *
     * @param address the network address of the client
     * @param caller null for an anonymous client
     * @param loop the event loop of the channel, on which its source is called
     * @return completes when the stream is open; fails with the problem to report to the client
     */
    public Mono<Void> open(
            StreamOrder order, String address, @Nullable Caller caller, EventLoop loop, StreamChannel.Source source) {
        return prepare(client(address, caller), order)
                .publishOn(Schedulers.fromExecutor(loop))
                .flatMap(request -> streams.live().flatMap(live -> {
                    if (live.subscribers().isDraining()) {
                        return Mono.error(draining());
                    }
                    var reached = live.subscribers().open(source, request);
                    return reached == null ? Mono.empty() : Mono.error(tooMany(reached));
                }));
    }

    private Mono<StreamRequest> prepare(StreamClient client, StreamOrder order) {
        return streams.live()
                .flatMap(live -> Mono.zip(
                        StreamStart.find(order.start(), live.ring().bounds(), feedLog),
                        order.follow() ? Mono.just(Long.MAX_VALUE) : end()))
                .map(found -> new StreamRequest(
                        client,
                        order.feed(),
                        order.format(),
                        found.getT1().cursor(),
                        found.getT1().reset(),
                        found.getT2(),
                        order.announce()));
    }

    /**
     * Returns the event loop of a request. The web server refuses a body there that is not valid HTTP, and cancels the
     * request. On another thread, the response of the stream could start after that one, which fails.
     */
    private static Scheduler eventLoop(ServerHttpResponse response) {
        var channel = connection(response).channel();
        // Reactor Netty replaces the channel of a response that has ended by one without an event loop.
        return channel.isRegistered() ? Schedulers.fromExecutor(channel.eventLoop()) : Schedulers.immediate();
    }

    /** Returns whether a browser has returned with the end of a stream that does not follow. */
    private static boolean isOver(StreamRequest request, StartPosition position) {
        return request.format().isSse()
                && position instanceof StartPosition.AfterCursor
                && request.reset() == null
                && request.start().seq() >= request.end();
    }

    private Mono<Void> open(StreamRequest streamRequest, ServerHttpResponse response) {
        var connection = connection(response);
        if (!connection.channel().isActive() || !connection.channel().isRegistered()) {
            return Mono.error(new AbortedException("The client disconnected before its stream opened"));
        }
        return streams.live().flatMap(live -> {
            if (live.subscribers().isDraining()) {
                return refuse(streamRequest.format(), response, ClosingReason.DRAINING, draining());
            }
            var reached =
                    live.subscribers().open(listener -> StreamConnection.attach(connection, listener), streamRequest);
            if (reached != null) {
                return refuse(streamRequest.format(), response, ClosingReason.TOO_MANY_STREAMS, tooMany(reached));
            }
            response.setStatusCode(HttpStatus.OK);
            ClosingResponse.setHeaders(
                    response.getHeaders(), streamRequest.format().isSse() ? Representation.SSE : Representation.NDJSON);
            // The head alone: what follows is the subscriber's.
            return response.setComplete();
        });
    }

    private static ProblemException draining() {
        return Problem.UNAVAILABLE.because("This instance is stopping. Reconnect to another one.");
    }

    private static ProblemException tooMany(StreamLimits.Limit limit) {
        return switch (limit) {
            case INSTANCE -> Problem.UNAVAILABLE.because("This instance has reached its maximum number of streams.");
            case ADDRESS -> Problem.TOO_MANY_STREAMS.because("Your address has reached its maximum number of streams.");
            case PRINCIPAL ->
                Problem.TOO_MANY_STREAMS.because("Your account has reached its maximum number of streams.");
        };
    }

    private Mono<StreamClient> client(ServerRequest request) {
        var address = ClientAddress.of(request.remoteAddress().orElse(null));
        return Caller.of(request)
                .map(caller -> client(address, caller))
                .defaultIfEmpty(StreamClient.anonymous(address));
    }

    private StreamClient client(String address, @Nullable Caller caller) {
        return caller == null
                ? StreamClient.anonymous(address)
                : new StreamClient(address, caller.getName(), credential(caller));
    }

    private StreamCredential credential(Caller caller) {
        return new StreamCredential(caller.expiresAt(), () -> changes.isRevoked(caller.credential()));
    }

    private Mono<Long> end() {
        return feedLog.extent().map(Extent::last);
    }

    private Mono<Void> refuse(
            StreamFormat format, ServerHttpResponse response, ClosingReason reason, ProblemException problem) {
        return format.isSse()
                ? ClosingResponse.write(
                        response, format.closing(reason, settings.retry().toMillis() * 3))
                : Mono.error(problem);
    }

    private static Connection connection(ServerHttpResponse response) {
        var connection = new AtomicReference<Connection>();
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        server.withConnection(connection::set);
        return connection.get();
    }
}
