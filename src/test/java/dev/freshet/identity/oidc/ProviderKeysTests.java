package dev.freshet.identity.oidc;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class ProviderKeysTests {

    private final AtomicInteger readings = new AtomicInteger();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private ProviderKeys keys;
    private @Nullable JWKSet published;

    @BeforeEach
    void start() {
        keys = new ProviderKeys(
                Mono.defer(() -> {
                    readings.incrementAndGet();
                    return Mono.justOrEmpty(published)
                            .switchIfEmpty(Mono.error(() -> new IllegalStateException("down")));
                }),
                () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS)),
                time);
    }

    @AfterEach
    void stop() {
        time.dispose();
    }

    @Test
    void knownKeyIsNotReadAgain() {
        published = new JWKSet(key("a"));
        for (var i = 0; i < 100; i++) {
            assertThat(names("a")).containsExactly("a");
        }
        pass(Duration.ofMinutes(10));
        assertThat(names("a")).containsExactly("a");
        assertThat(readings).hasValue(1);
        published = new JWKSet(key("b"));
        pass(Duration.ofMinutes(6));
        assertThat(names("a")).as("taken back").containsExactly("b");
    }

    @Test
    void unknownKeyIsReadAtMostEveryFiveSeconds() {
        published = new JWKSet(key("a"));
        assertThat(names("a")).containsExactly("a");
        pass(Duration.ofSeconds(6));
        published = new JWKSet(List.of(key("a"), key("b")));
        assertThat(names("b")).containsExactly("a", "b");
        for (var i = 0; i < 100; i++) {
            assertThat(names("unknown " + i)).containsExactly("a", "b");
        }
        assertThat(readings).hasValue(2);
        pass(Duration.ofSeconds(6));
        names("unknown");
        assertThat(readings).hasValue(3);
    }

    @Test
    void keysStayValidWhileTheProviderIsDown() {
        published = new JWKSet(key("a"));
        assertThat(names("a")).containsExactly("a");
        published = null;
        pass(Duration.ofHours(2));
        assertThat(names("a")).containsExactly("a");
    }

    @Test
    void unavailableProviderIsNotRequestedAgainForEachToken() {
        for (var i = 0; i < 100; i++) {
            assertThat(keys.of(header("a"))
                            .map(JWKSet::getKeys)
                            .onErrorComplete()
                            .blockOptional(TIMEOUT))
                    .isEmpty();
        }
        assertThat(readings).hasValue(1);
        published = new JWKSet(key("a"));
        pass(Duration.ofSeconds(6));
        assertThat(names("a")).containsExactly("a");
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private List<String> names(String keyId) {
        return keys.of(header(keyId)).blockOptional(TIMEOUT).orElseThrow().getKeys().stream()
                .map(JWK::getKeyID)
                .toList();
    }

    private static JWSHeader header(String key) {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key).build();
    }

    private static JWK key(String name) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(name).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
