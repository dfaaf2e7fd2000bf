package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.stream.StreamOrder;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** Makes streams of subscriptions. Their results are cached, for subscribers of the same document. */
final class EventStreams {

    private final ResultEncoder encoder;
    private final JsonMapper json;
    private final Cache<EventSelection.Key, byte[]> results;

    /** @param maxBytes maximum of results, for subscribers of the same document that are not at the same event */
    EventStreams(ResultEncoder encoder, JsonMapper json, long maxBytes) {
        this.encoder = encoder;
        this.json = json;
        this.results = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .<EventSelection.Key, byte[]>weigher(
                        (key, bytes) -> 200 + 2 * key.article().length() + bytes.length)
                .build();
    }

    /** Returns the stream of a subscription that was executed without an error. */
    StreamOrder order(Operations.Prepared prepared, Call call, Wire wire) {
        var opening = Objects.requireNonNull(call.opening());
        return new StreamOrder(
                opening.feed(),
                new EventSelection(prepared, wire, opening.content(), results, encoder, json),
                opening.start(),
                opening.follow(),
                opening.announce());
    }
}
