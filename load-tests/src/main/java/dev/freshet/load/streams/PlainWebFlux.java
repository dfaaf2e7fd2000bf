package dev.freshet.load.streams;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A peer: live events by WebFlux as in its guides, without a log, catch-up or stores. */
@SpringBootApplication
@RestController
class PlainWebFlux {

    record Event(String cursor, String type, Map<String, Object> article) {}

    // Bounded, and large enough for the bursts of the comparison.
    private final Sinks.Many<Event> events = Sinks.many().multicast().onBackpressureBuffer(16_384, false);

    public static void main(String[] args) {
        new SpringApplicationBuilder(PlainWebFlux.class)
                .properties("logging.level.root=warn", "spring.main.banner-mode=off")
                .run(args);
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Event>> stream() {
        var heartbeats = Flux.interval(Duration.ofSeconds(15))
                .map(tick -> ServerSentEvent.<Event>builder().comment("").build());
        return events.asFlux()
                .map(event -> ServerSentEvent.builder(event)
                        .id(event.cursor())
                        .event(event.type())
                        .build())
                .mergeWith(heartbeats)
                .startWith(ServerSentEvent.<Event>builder().comment("welcome").build());
    }

    @PostMapping("/publish")
    void publish(@RequestBody Event event) {
        events.emitNext(event, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(10)));
    }
}
