package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Buckets of reads. Each instance has its own, so that a cached page needs no request to Redis. Reads are settled with
 * Redis afterwards: the shared bucket may go into debt, and the instance's bucket is reduced to it. So over time the rate
 * is exact over all instances, while each may grant a whole bucket for about a second.
 */
final class ReadBuckets {

    static final Duration SETTLEMENT_INTERVAL = Duration.ofSeconds(1);

    private static final int MAX_BUCKETS = 100_000;
    private static final Duration IDLE_BUCKET_TTL = Duration.ofHours(1);
    private static final int MAX_CONCURRENT_SETTLEMENTS = 16;

    /** Part of its rate that a client must use before its bucket is settled. Most clients never do. */
    private static final int SETTLED_RATE_DIVISOR = 100;

    private static final class ReadBucket {

        private final Bucket bucket;
        private final AtomicLong unsettledReads = new AtomicLong();

        ReadBucket(Bucket bucket) {
            this.bucket = bucket;
        }
    }

    private final LoadingCache<BucketKey, ReadBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(IDLE_BUCKET_TTL)
            .build(key -> new ReadBucket(LocalBuckets.bucket(key.policy())));
    private final @Nullable SharedBuckets shared;

    /** @param shared null without Redis */
    ReadBuckets(@Nullable SharedBuckets shared) {
        this.shared = shared;
    }

    RateDecision take(BucketKey key) {
        var bucket = buckets.get(key);
        var probe = bucket.bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            bucket.unsettledReads.incrementAndGet();
        }
        return RateDecision.of(key.policy(), probe);
    }

    boolean isEmpty(BucketKey key) {
        return buckets.get(key).bucket.getAvailableTokens() <= 0;
    }

    /**
     * Settles with Redis the reads granted here and elsewhere. If Redis is unavailable, the next settlement includes
     * them.
     */
    Mono<Void> settle() {
        var redis = shared;
        return redis == null
                ? Mono.empty()
                : Flux.fromIterable(buckets.asMap().entrySet())
                        .filter(entry -> isWorthSettling(entry.getKey(), entry.getValue()))
                        .flatMap(entry -> settle(redis, entry.getKey(), entry.getValue()), MAX_CONCURRENT_SETTLEMENTS)
                        .then();
    }

    private static boolean isWorthSettling(BucketKey key, ReadBucket bucket) {
        return bucket.unsettledReads.get() > key.policy().rate().requests() / SETTLED_RATE_DIVISOR;
    }

    private static Mono<Void> settle(SharedBuckets redis, BucketKey key, ReadBucket bucket) {
        var granted = bucket.unsettledReads.getAndSet(0);
        return redis.settle(key, granted)
                .doOnNext(remaining -> {
                    var excess = bucket.bucket.getAvailableTokens() - (remaining - bucket.unsettledReads.get());
                    if (excess > 0) {
                        bucket.bucket.consumeIgnoringRateLimits(excess);
                    }
                })
                .onErrorResume(failure -> {
                    bucket.unsettledReads.addAndGet(granted);
                    return Mono.empty();
                })
                .then();
    }
}
