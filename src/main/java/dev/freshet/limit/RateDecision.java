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

    /** Returns whether the client should watch its budget. */
    boolean isScarce() {
        return remaining * 2 < policy.budget().requests();
    }

    /** Adds the fields of draft-ietf-httpapi-ratelimit-headers, lists to which another policy may add. */
    void tell(BiConsumer<String, String> headers) {
        var budget = policy.budget();
        headers.accept(
                "RateLimit-Policy",
                "\"" + policy.name() + "\";q=" + budget.requests() + ";w="
                        + budget.in().toSeconds());
        headers.accept("RateLimit", "\"" + policy.name() + "\";r=" + remaining + ";t=" + seconds());
    }

    /** Returns the problem of a refused request. */
    ProblemException problem() {
        var budget = policy.budget();
        var problem = Problem.TOO_MANY_REQUESTS.because("Of " + policy.kind() + " your " + policy.by() + " has "
                + budget.requests() + " in " + budget.in().toSeconds() + " seconds, and they are used up.");
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds()));
        return problem;
    }

    /** Rounded up, so that a client that waits this long is not early. */
    private long seconds() {
        return pause.plusNanos(999_999_999).toSeconds();
    }
}
