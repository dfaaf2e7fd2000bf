package dev.freshet.content.article;

import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.UncategorizedDataAccessException;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Classifies errors of statements that write many rows, and retries conflicts. */
final class StoreErrors {

    // In each round, one of the conflicting changes succeeds.
    private static final int MAX_RETRIES = 30;
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(5);
    private static final Duration MAX_RETRY_DELAY = Duration.ofMillis(200);

    private StoreErrors() {}

    /**
     * Repeats a read and a write based on it while concurrent writes conflict with it.
     *
     * @param change reads again at each subscription
     * @return fails with {@link Problem#UNAVAILABLE} if the conflicts don't end
     */
    static <T> Mono<T> retryConflicts(Mono<T> change) {
        return change.retryWhen(Retry.backoff(MAX_RETRIES, FIRST_RETRY_DELAY)
                        .maxBackoff(MAX_RETRY_DELAY)
                        .filter(ConcurrencyFailureException.class::isInstance))
                .onErrorMap(
                        Exceptions::isRetryExhausted,
                        error -> Problem.UNAVAILABLE.because("Others are changing the article. Retry the request."));
    }

    /** Returns whether a single row may be the cause, so that the other rows can be written without it. */
    static boolean mayBeCausedByOneRow(Throwable error) {
        return error instanceof DataIntegrityViolationException
                || error instanceof InvalidDataAccessResourceUsageException
                || error instanceof UncategorizedDataAccessException;
    }

    /** Returns whether a concurrent transaction is the cause, so that a retry can succeed. */
    static boolean isConflict(Throwable error) {
        return error instanceof ConcurrencyFailureException || error instanceof DuplicateKeyException;
    }
}
