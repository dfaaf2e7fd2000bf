package dev.freshet.identity.oidc;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The keys that a provider signs with. They are read when first asked for, again when a token names one that is not among
 * them, and now and then in any case, so that a provider may take one back; but never more often than every few seconds,
 * whatever tokens are shown. While the provider can't be reached, those that are known go on to count.
 */
final class ProviderKeys {

    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofMinutes(15);

    private record Known(JWKSet keys, Instant readAt) {}

    private final Mono<Known> reading;
    private final InstantSource clock;
    private volatile @Nullable Known known;

    /** @param source reads them anew each time it is subscribed to */
    ProviderKeys(Mono<JWKSet> source, InstantSource clock) {
        this.clock = clock;
        this.reading = source.map(keys -> new Known(keys, clock.instant()))
                .doOnNext(read -> known = read)
                .cache(read -> REST, failed -> REST, () -> REST);
    }

    /** Those among which the key of this header is, if it is any of the provider's. */
    Mono<JWKSet> of(JWSHeader header) {
        var found = known;
        if (found == null) {
            return reading.map(Known::keys);
        }
        return isFresh(found) && has(found, header.getKeyID())
                ? Mono.just(found.keys())
                : reading.onErrorReturn(found).map(Known::keys);
    }

    private boolean isFresh(Known found) {
        return found.readAt().plus(FRESH).isAfter(clock.instant());
    }

    private static boolean has(Known found, @Nullable String id) {
        return id == null || found.keys().getKeyByKeyId(id) != null;
    }
}
