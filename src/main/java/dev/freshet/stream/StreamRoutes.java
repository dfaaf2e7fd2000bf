package dev.freshet.stream;

import dev.freshet.feed.FeedRequest;
import dev.freshet.feed.Representation;
import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.Extent;
import dev.freshet.feedlog.FeedLog;
import dev.freshet.problem.Problem;
import dev.freshet.tail.Follower;
import io.netty.buffer.ByteBuf;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Serves feeds as streams. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamSettings.class)
class StreamRoutes {

    @Bean
    LiveStreams liveStreams(FeedLog feedLog, Follower follower, StreamSettings settings) {
        return new LiveStreams(feedLog, follower, settings);
    }

    @Bean
    RouterFunction<ServerResponse> feedStreamRoute(LiveStreams streams, FeedLog feedLog, StreamSettings settings) {
        var handler = new Handler(streams, feedLog, settings, Clock.systemUTC());
        return RouterFunctions.route(
                RequestPredicates.GET("/api/v1/articles").and(StreamRoutes::asStream), handler::handle);
    }

    private static boolean asStream(ServerRequest request) {
        return Representation.preferred(request.headers().accept()) != Representation.JSON;
    }

    private record Handler(LiveStreams streams, FeedLog feedLog, StreamSettings settings, Clock clock) {

        Mono<ServerResponse> handle(ServerRequest request) {
            var representation = Representation.preferred(request.headers().accept());
            var format = Format.of(representation == Representation.SSE, FeedRequest.content(request));
            var feed = FeedRequest.feed(request);
            var follow = follow(request);
            var announce = FeedRequest.text(request, "announce").equals("true");
            var since = Since.parse(
                    request.headers().firstHeader("Last-Event-ID"),
                    FeedRequest.text(request, "since"),
                    clock.instant());
            return streams.live().flatMap(live -> {
                if (live.subscribers().isDraining()) {
                    return refuse(representation, format);
                }
                return start(since, live.ring())
                        .zipWhen(start -> follow ? Mono.just(Long.MAX_VALUE) : end())
                        .map(at -> new Opening(
                                feed, format, at.getT1().cursor(), at.getT1().reset(), at.getT2(), announce))
                        .flatMap(opening -> respond(
                                representation, response -> live.subscribers().open(connection(response), opening)));
            });
        }

        private static boolean follow(ServerRequest request) {
            return switch (FeedRequest.text(request, "follow")) {
                case "", "true" -> true;
                case "false" -> false;
                default -> throw Problem.INVALID_REQUEST.because("follow is true or false.");
            };
        }

        private Mono<Long> end() {
            return feedLog.extent().map(Extent::last);
        }

        private record Start(Cursor cursor, @Nullable Reset reset) {}

        private Mono<Start> start(Since since, Ring ring) {
            return switch (since) {
                case Since.Latest latest -> Mono.just(new Start(ring.bounds().end(), null));
                case Since.Earliest earliest -> feedLog.extent().map(extent -> new Start(extent.beginning(), null));
                case Since.From from -> feedLog.before(from.time()).map(cursor -> new Start(cursor, null));
                case Since.Unknown unknown -> Mono.just(new Start(ring.bounds().end(), Reset.UNKNOWN_HISTORY));
                case Since.At at -> continued(at.cursor(), ring.bounds());
            };
        }

        private Mono<Start> continued(Cursor cursor, Ring.Bounds ring) {
            if (cursor.epoch() == ring.epoch() && cursor.seq() <= ring.last() && cursor.seq() >= ring.first() - 1) {
                return Mono.just(new Start(cursor, null));
            }
            return feedLog.extent().map(extent -> {
                if (cursor.epoch() != extent.epoch() || cursor.seq() > extent.last()) {
                    return new Start(extent.end(), Reset.UNKNOWN_HISTORY);
                }
                return cursor.seq() < extent.first() - 1
                        ? new Start(extent.end(), Reset.HISTORY_PRUNED)
                        : new Start(cursor, null);
            });
        }

        /** An EventSource gives up for good on any status but 200, so it is sent away politely. */
        private Mono<ServerResponse> refuse(Representation representation, Format format) {
            if (representation == Representation.SSE) {
                var millis = settings.retry().toMillis() * 3;
                return respond(representation, response -> Flux.just(format.closing("draining", millis)));
            }
            return Mono.error(Problem.UNAVAILABLE.because("This instance is about to stop; another one takes over."));
        }

        private static Mono<ServerResponse> respond(
                Representation representation, Function<ServerHttpResponse, Flux<ByteBuf>> bytes) {
            return ServerResponse.ok()
                    .contentType(representation.mediaType())
                    .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                    .header("X-Accel-Buffering", "no")
                    .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                    .body((response, context) -> {
                        var buffers = (NettyDataBufferFactory) response.bufferFactory();
                        // Each item is flushed by itself.
                        return response.writeAndFlushWith(
                                bytes.apply(response).map(buffer -> Mono.<DataBuffer>just(buffers.wrap(buffer))));
                    });
        }

        private static Connection connection(ServerHttpResponse response) {
            var connection = new AtomicReference<Connection>();
            HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
            server.withConnection(connection::set);
            return connection.get();
        }
    }
}
