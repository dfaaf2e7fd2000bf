package dev.freshet.content.article;

import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Records responses by the idempotency key of their request, so that a repeated request has no further effect. */
@Component
class Idempotency {

    private static final int EXPIRY_BATCH_SIZE = 1000;

    private final IdempotencyRepository repository;
    private final JsonMapper json;

    Idempotency(IdempotencyRepository repository, JsonMapper json) {
        this.repository = repository;
        this.json = json;
    }

    /**
     * A request that may be repeated.
     *
     * @param digest the digest of its draft, in hexadecimal
     */
    record Request(UUID account, String key, String digest) {}

    /**
     * Records responses in the caller's transaction. Waits for other transactions that record one of the keys.
     *
     * @param responses by request, with unique keys
     * @return the earlier responses of the requests that have one. Fails with {@link Problem#IDEMPOTENCY_KEY_REUSED} if an
     *     earlier request had another content
     */
    Mono<Map<Request, RecordedResponse>> record(Map<Request, RecordedResponse> responses) {
        if (responses.isEmpty()) {
            return Mono.just(Map.of());
        }
        var rows = new ArrayList<Map<String, Object>>();
        responses.forEach((request, response) -> rows.add(row(request, response)));
        return repository
                .add(json.writeValueAsString(rows))
                .collect(Collectors.toSet())
                .flatMap(recorded -> Flux.fromIterable(responses.entrySet())
                        .filter(entry -> !recorded.contains(entry.getValue().articleId()))
                        .map(Map.Entry::getKey)
                        .concatMap(request -> earlier(request).map(response -> Map.entry(request, response)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Object> row(Request request, RecordedResponse response) {
        return Map.of(
                "account", request.account(),
                "key", request.key(),
                "request", request.digest(),
                "article_id", response.articleId(),
                "status", response.status(),
                "etag", response.etag(),
                "body", response.body());
    }

    private Mono<RecordedResponse> earlier(Request request) {
        return repository
                .find(request.account(), request.key())
                .map(found -> {
                    if (!found.requestDigest().equals(request.digest())) {
                        throw Problem.IDEMPOTENCY_KEY_REUSED.because(
                                "This Idempotency-Key was used for a request with another content.");
                    }
                    return found.response();
                })
                .switchIfEmpty(Mono.error(
                        () -> Problem.UNAVAILABLE.because("The Idempotency-Key is expiring. Retry the request.")));
    }

    /** Deletes responses older than an age, in batches. */
    Mono<Void> deleteOlderThan(Duration age) {
        return repository
                .deleteOlderThan((double) age.toSeconds(), EXPIRY_BATCH_SIZE)
                .repeat()
                .takeUntil(rows -> rows < EXPIRY_BATCH_SIZE)
                .then();
    }
}
