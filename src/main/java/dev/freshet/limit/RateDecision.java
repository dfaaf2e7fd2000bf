package dev.freshet.limit;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.springframework.http.HttpHeaders;

/**
 * The result of taking a request from a bucket.
 *
 * @param granted whether the request may proceed
 * @param remaining number of further requests that may arrive at once
 * @param pause time until the next request may arrive, if this one may not; else until the bucket is full
 */
record RateDecision(RatePolicy policy, boolean granted, long remaining, Duration pause) {

    static RateDecision of(RatePolicy policy, ConsumptionProbe probe) {
        return new RateDecision(
                policy,
                probe.isConsumed(),
                Math.max(0, probe.getRemainingTokens()),
                Duration.ofNanos(
                        probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill()));
    }

    private boolean isScarce() {
        return remaining * 2 < policy.rate().requests();
    }

    /** Adds the fields of draft-ietf-httpapi-ratelimit-headers, to which another policy may add its own. */
    void report(BiConsumer<String, String> headers) {
        // Cached pages, which many clients share, carry the fields only for clients that should slow down.
        if (policy.category() == RequestCategory.READS && !isScarce()) {
            return;
        }
        var rate = policy.rate();
        headers.accept(
                "RateLimit-Policy",
                "\"" + policy.name() + "\";q=" + rate.requests() + ";w="
                        + rate.period().toSeconds());
        headers.accept("RateLimit", "\"" + policy.name() + "\";r=" + remaining + ";t=" + seconds());
    }

    /** Returns the problem of a refused request. */
    ProblemException problem() {
        var rate = policy.rate();
        var problem = Problem.TOO_MANY_REQUESTS.because("Rate limit reached: " + rate.requests() + " "
                + policy.category().plural() + " per " + rate.period().toSeconds() + " s per " + policy.by()
                + ". Retry after " + seconds() + " s.");
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds()));
        return problem;
    }

    /** Rounded up, so that a client that waits this long is not early. */
    private long seconds() {
        return pause.plusNanos(999_999_999).toSeconds();
    }
}
