package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.time.Duration;

/** Buckets of this instance for a bounded number of clients. A client whose bucket was evicted gets a full one. */
final class LocalBuckets {

    private static final int MOST = 100_000;
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private record Whose(RatePolicy policy, String client) {}

    private final LoadingCache<Whose, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(FORGOTTEN).build(whose -> of(whose.policy()));

    static Bucket of(RatePolicy policy) {
        var builder = Bucket.builder();
        for (var bandwidth : policy.budget().bucket().getBandwidths()) {
            builder.addLimit(bandwidth);
        }
        return builder.build();
    }

    /** Takes one request from a client's bucket. */
    RateDecision take(RatePolicy policy, String client) {
        return RateDecision.of(policy, buckets.get(new Whose(policy, client)).tryConsumeAndReturnRemaining(1));
    }
}
