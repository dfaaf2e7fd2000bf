package dev.freshet.identity.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Caches verified tokens for a minute, at most until they expire: verifying a signature took a tenth of a small request.
 * Only valid tokens are cached, so that invalid ones cannot fill the cache.
 *
 * <p>Callers must check revocation after each call.
 *
 * @param <T> the result of verifying a token
 */
public final class TokenCache<T> {

    private static final int MAX_TOKENS = 10_000;
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    /** The expiry of a token; null for never. */
    @FunctionalInterface
    public interface TokenExpiry<T> {

        @Nullable
        Instant of(T verified);
    }

    private final Cache<String, T> verified;

    /** Creates an empty cache. */
    public TokenCache(TokenExpiry<T> expiry) {
        this.verified = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfter(Expiry.<String, T>creating((token, value) -> age(expiry.of(value))))
                .build();
    }

    /** Returns the cached result for a token, else that of the verification, which is cached if the token is valid. */
    public Mono<T> get(String token, Supplier<Mono<T>> verification) {
        var cached = verified.getIfPresent(token);
        return cached != null ? Mono.just(cached) : verification.get().doOnNext(valid -> verified.put(token, valid));
    }

    private static Duration age(@Nullable Instant expiresAt) {
        if (expiresAt == null) {
            return MAX_AGE;
        }
        var untilExpiry = Duration.between(Instant.now(), expiresAt);
        if (untilExpiry.isNegative()) {
            return Duration.ZERO;
        }
        return untilExpiry.compareTo(MAX_AGE) < 0 ? untilExpiry : MAX_AGE;
    }
}
