package dev.freshet.limit;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.springframework.http.HttpHeaders;

/**
 * What came of taking a request from a bucket.
 *
 * @param granted whether it may go on
 * @param remaining how many more may come at once
 * @param pause until the next may come, where this one may not; else until the bucket is full
 */
record Taken(Policy policy, boolean granted, long remaining, Duration pause) {

    static Taken of(Policy policy, ConsumptionProbe probe) {
        return new Taken(
                policy,
                probe.isConsumed(),
                Math.max(0, probe.getRemainingTokens()),
                Duration.ofNanos(
                        probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill()));
    }

    /** Whether a client should begin to look at what is left. */
    boolean isScarce() {
        return remaining * 2 < policy.budget().requests();
    }

    /** The fields of draft-ietf-httpapi-ratelimit-headers, each a list to which another policy may add. */
    void tell(BiConsumer<String, String> headers) {
        var budget = policy.budget();
        headers.accept(
                "RateLimit-Policy",
                "\"" + policy.name() + "\";q=" + budget.requests() + ";w="
                        + budget.in().toSeconds());
        headers.accept("RateLimit", "\"" + policy.name() + "\";r=" + remaining + ";t=" + seconds());
    }

    /** What a client is told whose request may not go on. */
    ProblemException problem() {
        var budget = policy.budget();
        var problem = Problem.TOO_MANY_REQUESTS.because("Of " + policy.kind() + " your " + policy.by() + " has "
                + budget.requests() + " in " + budget.in().toSeconds() + " seconds, and they are used up.");
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds()));
        return problem;
    }

    /** Rounded up, so that who waits so long doesn't come too early. */
    private long seconds() {
        return pause.plusNanos(999_999_999).toSeconds();
    }
}
