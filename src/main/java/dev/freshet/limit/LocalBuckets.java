package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.time.Duration;

/** Buckets of this instance for a bounded number of clients. A client whose bucket was evicted gets a full one. */
final class LocalBuckets {

    private static final int MAX_BUCKETS = 100_000;

    /** Equals the longest period of a rate, after which any bucket is full. */
    private static final Duration IDLE_BUCKET_TTL = Duration.ofDays(1);

    private final LoadingCache<BucketKey, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(IDLE_BUCKET_TTL)
            .build(key -> bucket(key.policy()));

    static Bucket bucket(RatePolicy policy) {
        var builder = Bucket.builder();
        for (var bandwidth : policy.rate().bucket().getBandwidths()) {
            builder.addLimit(bandwidth);
        }
        return builder.build();
    }

    /** Takes one request from a bucket. */
    RateDecision take(BucketKey key) {
        return RateDecision.of(key.policy(), buckets.get(key).tryConsumeAndReturnRemaining(1));
    }
}
