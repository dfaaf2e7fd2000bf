package dev.freshet.stream;

import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedRepresentation;
import dev.freshet.feed.FeedRequest;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
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
    FeedRepresentation feedStreams(
            LiveStreams streams, FeedLog feedLog, StreamSettings settings, Revocations revocations) {
        return new Handler(streams, feedLog, settings, revocations, Clock.systemUTC());
    }

    private record Handler(
            LiveStreams streams, FeedLog feedLog, StreamSettings settings, Revocations revocations, Clock clock)
            implements FeedRepresentation {

        @Override
        public Set<Representation> representations() {
            return Set.of(Representation.SSE, Representation.NDJSON);
        }

        @Override
        public Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested) {
            var parameters = requested.parameters();
            var representation = requested.representation();
            var format = Format.of(representation == Representation.SSE, detail(parameters));
            var follow = parameters.isTrue("follow", true);
            var announce = parameters.text("announce").equals("true");
            var since = StartPosition.parse(
                    request.headers().firstHeader("Last-Event-ID"), parameters.text("since"), clock.instant());
            var client = Caller.of(request)
                    .map(caller ->
                            client(ClientAddress.of(request.remoteAddress().orElse(null)), caller))
                    .defaultIfEmpty(StreamClient.anonymous(
                            ClientAddress.of(request.remoteAddress().orElse(null))));
            return streams.live()
                    .flatMap(live -> Mono.zip(
                                    client, start(since, live.ring()), follow ? Mono.just(Long.MAX_VALUE) : end())
                            .map(found -> new StreamRequest(
                                    found.getT1(),
                                    requested.feed(),
                                    format,
                                    found.getT2().cursor(),
                                    found.getT2().reset(),
                                    found.getT3(),
                                    announce))
                            .flatMap(streamRequest -> respond(
                                    representation,
                                    response -> open(representation, live.subscribers(), streamRequest, response))));
        }

        private Mono<Void> open(
                Representation representation,
                Subscribers subscribers,
                StreamRequest streamRequest,
                ServerHttpResponse response) {
            if (subscribers.isDraining()) {
                return refuse(
                        representation,
                        response,
                        streamRequest.format(),
                        ClosingReason.DRAINING,
                        Problem.UNAVAILABLE.because("This instance is stopping. Reconnect to another one."));
            }
            var reached = subscribers.open(connection(response), streamRequest);
            // The head alone: what follows is the subscriber's.
            return reached == null
                    ? response.setComplete()
                    : refuse(
                            representation,
                            response,
                            streamRequest.format(),
                            ClosingReason.TOO_MANY_STREAMS,
                            tooMany(reached));
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

        private StreamClient client(String address, Caller caller) {
            return new StreamClient(
                    address,
                    caller.getName(),
                    new StreamCredential(caller.expiresAt(), () -> revocations.isRevoked(caller.credential())));
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

        private Mono<Long> end() {
            return feedLog.extent().map(Extent::last);
        }

        private record Start(Cursor cursor, @Nullable ResetReason reset) {}

        private Mono<Start> start(StartPosition since, Ring ring) {
            return switch (since) {
                case StartPosition.Latest latest ->
                    Mono.just(new Start(ring.bounds().end(), null));
                case StartPosition.Earliest earliest ->
                    feedLog.extent().map(extent -> new Start(extent.beginning(), null));
                case StartPosition.AtTime at -> feedLog.before(at.time()).map(cursor -> new Start(cursor, null));
                case StartPosition.UnknownCursor unknown ->
                    Mono.just(new Start(ring.bounds().end(), ResetReason.UNKNOWN_HISTORY));
                case StartPosition.AfterCursor after -> continued(after.cursor(), ring.bounds());
            };
        }

        private Mono<Start> continued(Cursor cursor, Ring.Bounds ring) {
            if (cursor.epoch() == ring.epoch() && cursor.seq() <= ring.last() && cursor.seq() >= ring.first() - 1) {
                return Mono.just(new Start(cursor, null));
            }
            return feedLog.extent().map(extent -> {
                if (cursor.epoch() != extent.epoch() || cursor.seq() > extent.last()) {
                    return new Start(extent.end(), ResetReason.UNKNOWN_HISTORY);
                }
                return cursor.seq() < extent.first() - 1
                        ? new Start(extent.end(), ResetReason.HISTORY_PRUNED)
                        : new Start(cursor, null);
            });
        }

        /** An EventSource stops reconnecting on any status but 200, so it gets a closing event. */
        private Mono<Void> refuse(
                Representation representation,
                ServerHttpResponse response,
                Format format,
                ClosingReason reason,
                ProblemException problem) {
            if (representation != Representation.SSE) {
                return Mono.error(problem);
            }
            var millis = settings.retry().toMillis() * 3;
            return response.writeWith(Mono.just(response.bufferFactory().wrap(format.closing(reason, millis))));
        }

        private static Mono<ServerResponse> respond(
                Representation representation, Function<ServerHttpResponse, Mono<Void>> body) {
            return ServerResponse.ok()
                    .contentType(representation.mediaType())
                    .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                    .header("X-Accel-Buffering", "no")
                    .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                    .body((response, context) -> body.apply(response));
        }

        private static Connection connection(ServerHttpResponse response) {
            var connection = new AtomicReference<Connection>();
            HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
            server.withConnection(connection::set);
            return connection.get();
        }
    }
}
