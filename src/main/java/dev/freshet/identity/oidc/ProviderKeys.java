package dev.freshet.identity.oidc;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The keys of a provider. They are read on first use, again when a token names an unknown key, and periodically, so
 * that a provider can withdraw one. They are read at most every few seconds, whatever tokens arrive. While the provider is
 * unreachable, the known keys stay valid.
 */
final class ProviderKeys {

    private static final Duration MIN_READ_INTERVAL = Duration.ofSeconds(5);
    private static final Duration KEYS_TTL = Duration.ofMinutes(15);

    private record CachedKeys(JWKSet keys, Instant readAt) {}

    private final Mono<CachedKeys> reading;
    private final InstantSource clock;
    private volatile @Nullable CachedKeys cached;

    /**
     * Creates the cache.
     *
     * @param source reads the keys on each subscription
     * @param timer ends the intervals between readings
     */
    ProviderKeys(Mono<JWKSet> source, InstantSource clock, Scheduler timer) {
        this.clock = clock;
        this.reading = source.map(keys -> new CachedKeys(keys, clock.instant()))
                .doOnNext(read -> cached = read)
                .cache(read -> MIN_READ_INTERVAL, failed -> MIN_READ_INTERVAL, () -> MIN_READ_INTERVAL, timer);
    }

    /** Returns the keys that include the one of this header, if the provider has it. */
    Mono<JWKSet> of(JWSHeader header) {
        var known = cached;
        if (known == null) {
            return reading.map(CachedKeys::keys);
        }
        return isFresh(known) && contains(known, header.getKeyID())
                ? Mono.just(known.keys())
                : reading.onErrorReturn(known).map(CachedKeys::keys);
    }

    private boolean isFresh(CachedKeys cached) {
        return cached.readAt().plus(KEYS_TTL).isAfter(clock.instant());
    }

    private static boolean contains(CachedKeys cached, @Nullable String id) {
        return id == null || cached.keys().getKeyByKeyId(id) != null;
    }
}
