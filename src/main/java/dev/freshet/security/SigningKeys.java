package dev.freshet.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.time.Duration;
import java.util.Objects;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The key that signs tokens. It is kept with the data, so that all instances have the same. */
@Component
class SigningKeys {

    private static final String KID = "es256-1";

    private final DatabaseClient client;
    private final Mono<ECKey> current;

    SigningKeys(DatabaseClient client) {
        this.client = client;
        // It never changes once it is there; a failure to read it is no reason to fail next time.
        this.current = Mono.defer(this::read)
                .switchIfEmpty(Mono.defer(() -> create().then(read())))
                .cache(found -> Duration.ofNanos(Long.MAX_VALUE), failed -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** The key; the first to ask for it creates it. */
    Mono<ECKey> current() {
        return current;
    }

    private Mono<ECKey> read() {
        return client.sql("select jwk from signing_key where kid = :kid")
                .bind("kid", KID)
                .map(row -> parse(Objects.requireNonNull(row.get("jwk", String.class))))
                .one();
    }

    private Mono<Long> create() {
        return client.sql("insert into signing_key (kid, jwk) values (:kid, :jwk) on conflict (kid) do nothing")
                .bind("kid", KID)
                .bind("jwk", generate().toJSONString())
                .fetch()
                .rowsUpdated();
    }

    private static ECKey generate() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(KID)
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
}
