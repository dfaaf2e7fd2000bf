package dev.freshet.content.article;

import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Returns recorded responses by the idempotency key of their request, so that a repeated request has no further effect. */
@Component
class Idempotency {

    private static final int EXPIRY_BATCH_SIZE = 1000;

    private final IdempotencyRepository repository;

    Idempotency(IdempotencyRepository repository) {
        this.repository = repository;
    }

    /**
     * A request that may be repeated.
     *
     * @param digest the digest of its draft, in hexadecimal
     */
    record Request(UUID account, String key, String digest) {}

    /**
     * Returns the recorded response to an earlier request with the same key; empty without such a request. {@link
     * WriteStatement} records it.
     *
     * @return fails with {@link Problem#IDEMPOTENCY_KEY_REUSED} if the earlier request had another content
     */
    Mono<RecordedResponse> earlier(Request request) {
        return repository.find(request.account(), request.key()).map(found -> {
            if (!found.requestDigest().equals(request.digest())) {
                throw Problem.IDEMPOTENCY_KEY_REUSED.because(
                        "This Idempotency-Key was used for a request with another content.");
            }
            return found.response();
        });
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
