package dev.freshet.stream;

import dev.freshet.feed.FeedRequest;
import dev.freshet.feed.FeedResponder;
import dev.freshet.feed.FeedSettings;
import dev.freshet.feed.OpenFollows;
import dev.freshet.limit.EdgeRules;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.http.ClosingResponse;
import dev.freshet.platform.http.DeclaredParameters;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.RequestTimers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Serves feeds as streams. */
@Configuration(proxyBeanMethods = false)
class StreamRoutes {

    private static final int MAX_PARSING_TASKS = 100;

    /** Thread for parsing the words of events. Starts with the first stream of a search. Inject it by name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    Scheduler wordParsing() {
        return Schedulers.newBoundedElastic(1, MAX_PARSING_TASKS, "words", 60, true);
    }

    @Bean(destroyMethod = "close")
    LiveStreams liveStreams(
            FeedLog feedLog,
            OpenFollows follows,
            StreamSettings settings,
            MeterRegistry registry,
            @Qualifier("wordParsing") Scheduler parsing) {
        var meters = new StreamMeters(registry);
        var catchUp = new CatchUp(
                feedLog, settings.catchUpEvents(), settings.catchUpSize().toBytes(), meters);
        var maxWords = settings.ringSize().toBytes() / 4;
        return new LiveStreams(
                catchUp,
                settings,
                ring -> new StreamResources(
                        ring, new SearchedRing(ring, feedLog, parsing, maxWords), follows, catchUp, settings, meters));
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
    FeedResponder streamResponder(FeedStreams streams) {
        return new Handler(streams, Clock.systemUTC());
    }

    @Bean
    PublicStreamRoute publicStreamRoute(
            FeedStreams streams,
            DeclaredParameters feedParameters,
            FeedSettings feeds,
            EdgeRules rules,
            RequestTimers timers) {
        return new PublicStreamRoute(streams, feedParameters, feeds, rules, timers, Clock.systemUTC());
    }

    private record Handler(FeedStreams streams, Clock clock) implements FeedResponder {

        @Override
        public Set<Representation> representations() {
            return Set.of(Representation.SSE, Representation.NDJSON);
        }

        @Override
        public Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested) {
            var order = StreamOrder.of(
                    requested.feed(),
                    requested.representation(),
                    requested.parameters(),
                    request.headers().firstHeader("Last-Event-ID"),
                    clock.instant());
            return HttpMethod.HEAD.equals(request.method())
                    ? ServerResponse.ok()
                            .headers(headers -> ClosingResponse.setHeaders(headers, requested.representation()))
                            .build()
                    : streams.open(request, order);
        }
    }
}
