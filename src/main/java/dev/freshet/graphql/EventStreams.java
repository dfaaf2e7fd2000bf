package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.stream.FeedStreams;
import dev.freshet.stream.StreamOrder;
import java.util.Objects;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Opens subscriptions as streams. */
final class EventStreams {

    private final FeedStreams streams;
    private final JsonMapper json;
    private final Cache<EventSelection.Encoded, byte[]> encodings;

    /** @param maxBytes maximum of encoded events, for subscribers of the same document that are not at the same event */
    EventStreams(FeedStreams streams, JsonMapper json, long maxBytes) {
        this.streams = streams;
        this.json = json;
        this.encodings = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .<EventSelection.Encoded, byte[]>weigher(
                        (key, bytes) -> 200 + 2 * key.article().length() + bytes.length)
                .build();
    }

    /** Opens the stream of a subscription that was executed without an error. */
    Mono<ServerResponse> open(ServerRequest request, Engine engine, DocumentRequest document, Call call) {
        var opening = Objects.requireNonNull(call.opening());
        var format = new EventSelection(engine, call.document(), document, opening.content(), encodings, json);
        return streams.open(
                request,
                new StreamOrder(opening.feed(), format, opening.start(), opening.follow(), opening.announce()));
    }
}
