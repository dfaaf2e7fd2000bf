package dev.freshet.identity.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Caches verified tokens for a minute, at most until they expire: verifying the signature took a tenth of a small
 * request. Only valid tokens are cached, so that invalid ones cannot fill the cache.
 *
 * <p>Callers must check revocation after each call.
 */
public final class CachingJwtDecoder implements ReactiveJwtDecoder {

    private static final int MAX_CACHED_TOKENS = 10_000;
    private static final Duration TOKEN_CACHE_TTL = Duration.ofMinutes(1);

    private final ReactiveJwtDecoder decoder;
    private final Cache<String, Jwt> checked = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_TOKENS)
            .expireAfter(Expiry.<String, Jwt>creating((token, jwt) -> knownFor(jwt)))
            .build();

    public CachingJwtDecoder(ReactiveJwtDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public Mono<Jwt> decode(String token) {
        var known = checked.getIfPresent(token);
        return known != null ? Mono.just(known) : decoder.decode(token).doOnNext(jwt -> checked.put(token, jwt));
    }

    private static Duration knownFor(Jwt jwt) {
        var expiry = jwt.getExpiresAt();
        if (expiry == null) {
            return TOKEN_CACHE_TTL;
        }
        var rest = Duration.between(Instant.now(), expiry);
        return rest.isNegative() ? Duration.ZERO : rest.compareTo(TOKEN_CACHE_TTL) < 0 ? rest : TOKEN_CACHE_TTL;
    }
}
