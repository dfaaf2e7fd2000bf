package dev.freshet.identity.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.freshet.platform.Periodic;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The keys that sign tokens, stored with the data, so that all instances share them. A new key is published for a while
 * before it signs, so that verifiers know it. An old key stays published until its last token has expired.
 */
@Component
public final class SigningKeys implements SmartLifecycle {

    private static final Duration KNOWN = Duration.ofMinutes(5);
    private static final Duration ANNOUNCED = KNOWN.multipliedBy(3);
    // Longer than any token that a key signed.
    private static final Duration RETIRED = Duration.ofDays(2);

    private record Key(ECKey key, Instant createdAt) {}

    private final DatabaseClient client;
    private final Duration lifetime;
    private final Mono<List<Key>> keys;
    private final Periodic rotation = new Periodic("Renewing keys", Duration.ofHours(1), Mono.defer(this::rotate));

    public SigningKeys(DatabaseClient client, AuthSettings settings) {
        this.client = client;
        this.lifetime = settings.keyLifetime();
        // A failed read is not cached.
        this.keys = Mono.defer(this::read)
                .filter(found -> !found.isEmpty())
                .switchIfEmpty(Mono.defer(() -> create("first").then(read())))
                .cache(found -> KNOWN, failed -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** Returns the key that signs; the first call creates the first key. */
    public Mono<ECKey> current() {
        return keys.map(known -> {
            var announced = Instant.now().minus(ANNOUNCED);
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
    public Mono<Void> rotate() {
        return client.sql("select count(*) from signing_key where created_at > :time")
                .bind("time", Instant.now().minus(lifetime))
                .mapValue(Long.class)
                .one()
                // All instances that rotate at the same time use the same name.
                .flatMap(young -> young > 0
                        ? Mono.just(0L)
                        : create("after-" + Instant.now().getEpochSecond() / lifetime.toSeconds()))
                .then(client.sql(
                                "delete from signing_key where created_at < :time and exists"
                                        + " (select from signing_key k where k.created_at < :announced and k.created_at > signing_key.created_at)")
                        .bind("time", Instant.now().minus(lifetime).minus(RETIRED))
                        .bind("announced", Instant.now().minus(RETIRED))
                        .then());
    }

    private Mono<List<Key>> read() {
        return client.sql("select jwk, created_at from signing_key order by created_at desc, kid")
                .map(row -> new Key(
                        parse(Objects.requireNonNull(row.get("jwk", String.class))),
                        Objects.requireNonNull(row.get("created_at", Instant.class))))
                .all()
                .collectList();
    }

    /**
     * Creates a key.
     *
     * @param name unique: of several calls with the same name, one creates the key
     */
    private Mono<Long> create(String name) {
        var kid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        return client.sql("insert into signing_key (kid, jwk) values (:kid, :jwk) on conflict (kid) do nothing")
                .bind("kid", kid)
                .bind("jwk", generate(kid).toJSONString())
                .fetch()
                .rowsUpdated();
    }

    private static ECKey generate(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(kid)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("This Java has no P-256", e);
        }
    }

    private static ECKey parse(String jwk) {
        try {
            return ECKey.parse(jwk);
        } catch (ParseException e) {
            throw new IllegalStateException("The signing key in the database can't be read", e);
        }
    }

    @Override
    public void start() {
        rotation.start();
    }

    @Override
    public void stop() {
        rotation.stop();
    }

    @Override
    public boolean isRunning() {
        return rotation.isRunning();
    }
}
