package dev.freshet.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.ReactiveRedisOperations;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/**
 * Buckets in Redis that all instances share. Each is changed by compare-and-swap, so no two instances grant the same
 * request. A slow or unavailable Redis soon yields an error, and after several errors a pause.
 */
final class SharedBuckets {

    private static final Logger log = LoggerFactory.getLogger(SharedBuckets.class);

    private static final String PREFIX = "freshet:rate:";
    private static final int MOST = 100_000;

    /** Time for which Redis keeps a full bucket. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private record Whose(RatePolicy policy, String client) {

        String key() {
            return PREFIX + policy.name() + ":" + policy.budget() + ":" + client;
        }
    }

    private final CircuitBreaker circuit = circuit();
    private final Duration timeout;
    // Concurrent requests for the same bucket share one command.
    private final LoadingCache<Whose, AsyncBucketProxy> buckets;

    SharedBuckets(ReactiveRedisOperations<String, byte[]> redis, Duration timeout) {
        this.timeout = timeout;
        var proxies = new Proxies(redis).asAsync();
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST)
                .build(whose -> proxies.builder()
                        .withOptimization(Optimizations.batching())
                        .build(
                                whose.key(),
                                () -> CompletableFuture.completedFuture(
                                        whose.policy().budget().bucket())));
    }

    private static CircuitBreaker circuit() {
        var breaker = CircuitBreaker.of(
                "counting requests in Redis",
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                10, 5, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> log.info(
                        "Circuit for {}: {}",
                        event.getCircuitBreakerName(),
                        event.getStateTransition().getToState()));
        return breaker;
    }

    /** Takes one request from a client's bucket. */
    Mono<RateDecision> take(RatePolicy policy, String client) {
        return ask(() -> buckets.get(new Whose(policy, client)).tryConsumeAndReturnRemaining(1))
                .map(probe -> RateDecision.of(policy, probe));
    }

    /**
     * Subtracts requests that were granted already, below zero if need be. Returns the remaining tokens, which may be
     * negative.
     */
    Mono<Long> settle(RatePolicy policy, String client, long requests) {
        return ask(() -> buckets.get(new Whose(policy, client)).asVerbose().consumeIgnoringRateLimits(requests))
                .map(result -> result.getState().getAvailableTokens());
    }

    private <T> Mono<T> ask(Supplier<CompletableFuture<T>> question) {
        return Mono.fromFuture(question).timeout(timeout).transformDeferred(CircuitBreakerOperator.of(circuit));
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
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT);

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
                        byte @Nullable [] was, byte[] is, RemoteBucketState state, Optional<Long> timeoutNanos) {
                    var ttl = Math.max(1, expiration.calculateTimeToLiveMillis(state, currentTimeNanos()));
                    return redis.execute(
                                    SWAP,
                                    List.of(key),
                                    List.of(was == null ? ABSENT : was, is, ascii(Long.toString(ttl))))
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
        @SuppressWarnings("NullAway") // there is no other Void
        protected CompletableFuture<Void> removeAsync(String key) {
            return redis.delete(key).then().toFuture();
        }

        @Override
        public boolean isAsyncModeSupported() {
            return true;
        }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(String key) {
            throw new UnsupportedOperationException("It would block");
        }

        @Override
        public void removeProxy(String key) {
            throw new UnsupportedOperationException("It would block");
        }
    }
}
