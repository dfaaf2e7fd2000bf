package dev.freshet.identity.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TokenCacheTests {

    private final List<String> verified = new ArrayList<>();

    @Test
    void validTokenIsVerifiedOnce() {
        var tokens = tokens(Instant.now().plusSeconds(3600));
        decode(tokens, "a");
        decode(tokens, "a");
        decode(tokens, "b");
        assertThat(verified).containsExactly("a", "b");
    }

    @Test
    void invalidTokenIsVerifiedEachTime() {
        var tokens = tokens(Instant.now().plusSeconds(3600));
        for (var i = 0; i < 2; i++) {
            tokens.decode("bad").as(StepVerifier::create).verifyError(BadJwtException.class);
        }
        assertThat(verified).containsExactly("bad", "bad");
    }

    @Test
    void expiredTokenIsVerifiedEachTime() {
        var tokens = tokens(Instant.now().minusSeconds(10));
        decode(tokens, "a");
        decode(tokens, "a");
        assertThat(verified).containsExactly("a", "a");
    }

    private ReactiveJwtDecoder tokens(Instant expiry) {
        var cache = new TokenCache<Jwt>(Jwt::getExpiresAt);
        return token -> cache.get(token, () -> verify(token, expiry));
    }

    private Mono<Jwt> verify(String token, Instant expiry) {
        verified.add(token);
        return token.equals("bad")
                ? Mono.error(new BadJwtException("bad"))
                : Mono.just(Jwt.withTokenValue(token)
                        .header("alg", "ES256")
                        .expiresAt(expiry)
                        .build());
    }

    private static void decode(ReactiveJwtDecoder tokens, String token) {
        tokens.decode(token)
                .as(StepVerifier::create)
                .expectNextMatches(jwt -> jwt.getTokenValue().equals(token))
                .verifyComplete();
    }
}
