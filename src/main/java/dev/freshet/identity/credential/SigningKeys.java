package dev.freshet.identity.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The keys that sign tokens, stored with the data, so that all instances share them. A new key is published for a while
 * before it signs, so that verifiers know it. An old key stays published until its last token has expired.
 */
@Component
public final class SigningKeys {

    private static final Duration CACHE_TTL = Duration.ofMinutes(5);
    private static final Duration ANNOUNCEMENT = CACHE_TTL.multipliedBy(3);
    // Longer than any token that a key signed.
    private static final Duration RETENTION = Duration.ofDays(2);

    private record Key(ECKey key, Instant createdAt) {}

    private final SigningKeyRepository repository;
    private final Duration lifetime;
    private final Mono<List<Key>> keys;

    SigningKeys(SigningKeyRepository repository, AuthSettings settings) {
        this.repository = repository;
        this.lifetime = settings.keyLifetime();
        // A failed read is not cached.
        this.keys = Mono.defer(this::read)
                .filter(found -> !found.isEmpty())
                .switchIfEmpty(Mono.defer(() -> create("first").then(read())))
                .cache(found -> CACHE_TTL, failed -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** Returns the key that signs; the first call creates the first key. */
    public Mono<ECKey> current() {
        return keys.map(known -> {
            var announced = Instant.now().minus(ANNOUNCEMENT);
            return known.stream()
                    .filter(key -> key.createdAt().isBefore(announced))
                    .findFirst()
                    .orElseGet(known::getLast)
                    .key();
        });
    }

    /** Returns all keys that valid tokens may be signed with, newest first, with their private parts. */
    public Mono<List<ECKey>> all() {
        return keys.map(known -> known.stream().map(Key::key).toList());
    }

    /** Returns the public keys for verifiers (RFC 7517). */
    public Mono<JWKSet> published() {
        return all().map(all -> new JWKSet(List.<JWK>copyOf(all)).toPublicJWKSet());
    }

    /**
     * Creates the next key once the newest has signed for its lifetime, and deletes keys whose tokens have all expired.
     */
    Mono<Void> rotate() {
        var now = Instant.now();
        return repository
                .existsByCreatedAtAfter(now.minus(lifetime))
                // All instances that rotate at the same time use the same name.
                .flatMap(
                        young -> young ? Mono.just(0L) : create("after-" + now.getEpochSecond() / lifetime.toSeconds()))
                .then(repository.deleteSuperseded(now.minus(lifetime).minus(RETENTION), now.minus(RETENTION)))
                .then();
    }

    private Mono<List<Key>> read() {
        return repository
                .findAllByOrderByCreatedAtDescKidAsc()
                .map(stored -> new Key(parse(stored.jwk()), stored.createdAt()))
                .collectList();
    }

    /**
     * Creates a key.
     *
     * @param name unique: of several calls with the same name, one creates the key
     */
    private Mono<Long> create(String name) {
        var kid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        return repository.add(kid, generate(kid).toJSONString());
    }

    private static ECKey generate(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(kid)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("This JVM lacks the curve P-256", e);
        }
    }

    private static ECKey parse(String jwk) {
        try {
            return ECKey.parse(jwk);
        } catch (ParseException e) {
            throw new IllegalStateException("The signing key in the database is invalid", e);
        }
    }
}
