package dev.freshet.stream;

import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedRequest;
import dev.freshet.feed.FeedResponder;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.ClosingResponse;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.problem.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/** Serves feeds as streams. */
@Configuration(proxyBeanMethods = false)
class StreamRoutes {

    @Bean
    LiveStreams liveStreams(FeedLog feedLog, StreamSettings settings, MeterRegistry registry) {
        var meters = new StreamMeters(registry);
        var catchUp = new CatchUp(
                feedLog, settings.catchUpEvents(), settings.catchUpSize().toBytes(), meters);
        return new LiveStreams(catchUp, settings, meters);
    }

    @Bean
    StreamGauges streamGauges(LiveStreams streams) {
        return new StreamGauges(streams);
    }

    @Bean
    StreamDrain streamDrain(LiveStreams streams) {
        return new StreamDrain(streams);
    }

    @Bean
    FeedResponder feedStreams(LiveStreams streams, FeedLog feedLog, StreamSettings settings, Revocations revocations) {
        return new Handler(streams, feedLog, settings, revocations, Clock.systemUTC());
    }

    private record Handler(
            LiveStreams streams, FeedLog feedLog, StreamSettings settings, Revocations revocations, Clock clock)
            implements FeedResponder {

        @Override
        public Set<Representation> representations() {
            return Set.of(Representation.SSE, Representation.NDJSON);
        }

        @Override
        public Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested) {
            var parameters = requested.parameters();
            var format = Format.of(requested.representation() == Representation.SSE, detail(parameters));
            var follow = parameters.isTrue("follow", true);
            var announce = parameters.isTrue("announce", false);
            var position = position(request, parameters);
            if (HttpMethod.HEAD.equals(request.method())) {
                return head(requested.representation()).build();
            }
            var prepared = streams.live()
                    .flatMap(live -> Mono.zip(
                                    client(request),
                                    StreamStart.find(position, live.ring().bounds(), feedLog),
                                    follow ? Mono.just(Long.MAX_VALUE) : end())
                            .map(found -> new StreamRequest(
                                    found.getT1(),
                                    requested.feed(),
                                    format,
                                    found.getT2().cursor(),
                                    found.getT2().reset(),
                                    found.getT3(),
                                    announce)))
                    .publishOn(eventLoop(request));
            return prepared.flatMap(streamRequest -> isOver(streamRequest, position)
                            // The only response after which an EventSource does not reconnect.
                            ? ServerResponse.noContent().build()
                            : respond(
                                    requested.representation(),
                                    response -> open(requested.representation(), streamRequest, response)))
                    .onErrorResume(failure -> {
                        var problem = Problems.of(failure);
                        return problem != null && problem.problem() == Problem.UNAVAILABLE
                                ? respond(
                                        requested.representation(),
                                        response -> refuse(
                                                requested.representation(),
                                                response,
                                                ClosingReason.UNAVAILABLE,
                                                problem))
                                : Mono.error(failure);
                    });
        }

        /**
         * Returns the event loop of a request. The web server refuses a body there that is not valid HTTP, and cancels the
         * request. On another thread, the response of the stream could start after that one, which fails.
         */
        private static Scheduler eventLoop(ServerRequest request) {
            var channel = connection(request.exchange().getResponse()).channel();
            // Reactor Netty replaces the channel of a response that has ended by one without an event loop.
            return channel.isRegistered() ? Schedulers.fromExecutor(channel.eventLoop()) : Schedulers.immediate();
        }

        private StartPosition position(ServerRequest request, FeedParameters parameters) {
            return StartPosition.parse(
                    request.headers().firstHeader("Last-Event-ID"),
                    parameters.text("lastEventId"),
                    parameters.text("cursor"),
                    parameters.text("since"),
                    clock.instant());
        }

        /** Returns whether a browser has returned with the end of a stream that does not follow. */
        private static boolean isOver(StreamRequest request, StartPosition position) {
            return request.format().isSse()
                    && position instanceof StartPosition.AfterCursor
                    && request.reset() == null
                    && request.start().seq() >= request.end();
        }

        private Mono<Void> open(
                Representation representation, StreamRequest streamRequest, ServerHttpResponse response) {
            var connection = connection(response);
            if (!connection.channel().isActive() || !connection.channel().isRegistered()) {
                return Mono.error(new AbortedException("The client disconnected before its stream opened"));
            }
            return streams.live().flatMap(live -> {
                if (live.subscribers().isDraining()) {
                    return refuse(
                            representation,
                            response,
                            ClosingReason.DRAINING,
                            Problem.UNAVAILABLE.because("This instance is stopping. Reconnect to another one."));
                }
                var reached = live.subscribers().open(connection, streamRequest);
                // The head alone: what follows is the subscriber's.
                return reached == null
                        ? response.setComplete()
                        : refuse(representation, response, ClosingReason.TOO_MANY_STREAMS, tooMany(reached));
            });
        }

        private static ProblemException tooMany(StreamLimits.Limit limit) {
            return switch (limit) {
                case INSTANCE ->
                    Problem.UNAVAILABLE.because("This instance has reached its maximum number of streams.");
                case ADDRESS ->
                    Problem.TOO_MANY_STREAMS.because("Your address has reached its maximum number of streams.");
                case PRINCIPAL ->
                    Problem.TOO_MANY_STREAMS.because("Your account has reached its maximum number of streams.");
            };
        }

        private Mono<StreamClient> client(ServerRequest request) {
            var address = ClientAddress.of(request.remoteAddress().orElse(null));
            return Caller.of(request)
                    .map(caller -> new StreamClient(address, caller.getName(), credential(caller)))
                    .defaultIfEmpty(StreamClient.anonymous(address));
        }

        private StreamCredential credential(Caller caller) {
            return new StreamCredential(caller.expiresAt(), () -> revocations.isRevoked(caller.credential()));
        }

        private Mono<Long> end() {
            return feedLog.extent().map(Extent::last);
        }

        /** An event is encoded once for all subscribers of a selection of fields, so streams offer few selections. */
        private static Format.Detail detail(FeedParameters parameters) {
            return switch (parameters.text("fields")) {
                case "", "summary" -> Format.Detail.SUMMARY;
                case "full" -> Format.Detail.FULL;
                case "keys" -> Format.Detail.KEYS;
                default -> throw Problem.INVALID_REQUEST.because("fields of a stream must be summary, full or keys.");
            };
        }

        private Mono<Void> refuse(
                Representation representation,
                ServerHttpResponse response,
                ClosingReason reason,
                ProblemException problem) {
            if (representation != Representation.SSE) {
                return Mono.error(problem);
            }
            return ClosingResponse.write(response, reason, settings.retry().toMillis() * 3);
        }

        private static Mono<ServerResponse> respond(
                Representation representation, Function<ServerHttpResponse, Mono<Void>> body) {
            return head(representation).body((response, context) -> body.apply(response));
        }

        private static ServerResponse.BodyBuilder head(Representation representation) {
            return ServerResponse.ok().headers(headers -> ClosingResponse.setHeaders(headers, representation));
        }

        private static Connection connection(ServerHttpResponse response) {
            var connection = new AtomicReference<Connection>();
            HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
            server.withConnection(connection::set);
            return connection.get();
        }
    }
}
