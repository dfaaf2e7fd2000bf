package dev.freshet.platform.store;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A timeout and a circuit breaker for Redis commands. After several failures, commands fail at once for a few seconds, so
 * that a slow or unavailable Redis does not delay requests.
 */
public final class RedisCircuit {

    private static final Logger log = LoggerFactory.getLogger(RedisCircuit.class);

    private static final int WINDOW_CALLS = 10;
    private static final int MIN_CALLS = 5;
    private static final int TRIAL_CALLS = 2;
    private static final Duration OPEN_TIME = Duration.ofSeconds(5);
    private static final CircuitBreakerConfig CONFIG = CircuitBreakerConfig.custom()
            .slidingWindow(
                    WINDOW_CALLS,
                    MIN_CALLS,
                    SlidingWindowType.COUNT_BASED,
                    SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .waitDurationInOpenState(OPEN_TIME)
            .permittedNumberOfCallsInHalfOpenState(TRIAL_CALLS)
            .build();

    private final CircuitBreaker breaker;
    private final Duration timeout;
    private volatile @Nullable Throwable lastFailure;

    /**
     * Creates a closed circuit.
     *
     * @param purpose names the commands in the log
     */
    public RedisCircuit(String purpose, Duration timeout) {
        this.timeout = timeout;
        this.breaker = CircuitBreaker.of(purpose, CONFIG);
        breaker.getEventPublisher().onError(event -> lastFailure = event.getThrowable());
        breaker.getEventPublisher()
                .onStateTransition(event -> log.info(
                        "Circuit for {}: {} (last failure: {})",
                        purpose,
                        event.getStateTransition().getToState(),
                        // As text, since a logger prints the whole trace of a failure that comes last.
                        String.valueOf(lastFailure)));
    }

    /** Returns the command with the timeout, which fails at once while the circuit is open. */
    public <T> Mono<T> protect(Mono<T> command) {
        return command.timeout(timeout).transformDeferred(CircuitBreakerOperator.of(breaker));
    }
}
