package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.freshet.platform.store.RedisCircuit;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.ReactiveRedisOperations;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/**
 * Buckets in Redis that all instances share. Each is changed by compare-and-swap, so no two instances grant the same
 * request. A slow or unavailable Redis soon yields an error, and after several errors a pause.
 */
final class SharedBuckets {

    private static final int MAX_BUCKETS = 100_000;

    /** Time for which Redis keeps a full bucket. */
    private static final Duration FULL_BUCKET_TTL = Duration.ofSeconds(10);

    private final RedisCircuit circuit;
    // Concurrent requests for the same bucket share one command.
    private final LoadingCache<BucketKey, AsyncBucketProxy> buckets;

    SharedBuckets(ReactiveRedisOperations<String, byte[]> redis, Duration timeout) {
        this.circuit = new RedisCircuit("counting requests in Redis", timeout);
        var proxies = new Proxies(redis).asAsync();
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .build(key -> proxies.builder()
                        .withOptimization(Optimizations.batching())
                        .build(
                                key.redisKey(),
                                () -> CompletableFuture.completedFuture(
                                        key.policy().rate().bucket())));
    }

    /** Takes one request from a bucket. */
    Mono<RateDecision> take(BucketKey key) {
        return circuit.protect(Mono.fromFuture(() -> buckets.get(key).tryConsumeAndReturnRemaining(1)))
                .map(probe -> RateDecision.of(key.policy(), probe));
    }

    /** Takes requests that were granted already, even beyond the limit. Returns the rest, which may be negative. */
    Mono<Long> settle(BucketKey key, long requests) {
        return circuit.protect(
                        Mono.fromFuture(() -> buckets.get(key).asVerbose().consumeIgnoringRateLimits(requests)))
                .map(result -> result.getState().getAvailableTokens());
    }

    /** Runs Bucket4j over the existing connections to one Redis, a cluster or sentinels. */
    private static final class Proxies extends AbstractCompareAndSwapBasedProxyManager<String> {

        private static final byte[] ABSENT = {};
        private static final RedisScript<Boolean> SWAP = RedisScript.of("""
                if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
                redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
                return 1""", Boolean.class);

        private final ReactiveRedisOperations<String, byte[]> redis;
        private final ExpirationAfterWriteStrategy expiration =
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(FULL_BUCKET_TTL);

        Proxies(ReactiveRedisOperations<String, byte[]> redis) {
            super(ClientSideConfig.getDefault());
            this.redis = redis;
        }

        @Override
        protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String key) {
            return new AsyncCompareAndSwapOperation() {
                @Override
                public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeoutNanos) {
                    return redis.opsForValue()
                            .get(key)
                            .map(Optional::of)
                            .defaultIfEmpty(Optional.empty())
                            .toFuture()
                            .thenApply(Objects::requireNonNull);
                }

                @Override
                public CompletableFuture<Boolean> compareAndSwap(
                        byte @Nullable [] expected,
                        byte[] update,
                        RemoteBucketState state,
                        Optional<Long> timeoutNanos) {
                    var ttl = Math.max(1, expiration.calculateTimeToLiveMillis(state, currentTimeNanos()));
                    return redis.execute(
                                    SWAP,
                                    List.of(key),
                                    List.of(expected == null ? ABSENT : expected, update, ascii(Long.toString(ttl))))
                            .next()
                            .toFuture()
                            .thenApply(Objects::requireNonNull);
                }
            };
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        @SuppressWarnings("NullAway") // null is the only value of Void
        protected CompletableFuture<Void> removeAsync(String key) {
            return redis.delete(key).then().toFuture();
        }

        @Override
        public boolean isAsyncModeSupported() {
            return true;
        }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(String key) {
            throw new UnsupportedOperationException("Blocking is not supported");
        }

        @Override
        public void removeProxy(String key) {
            throw new UnsupportedOperationException("Blocking is not supported");
        }
    }
}
