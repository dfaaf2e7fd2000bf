package dev.freshet.identity.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class CachingJwtDecoderTests {

    private final List<String> asked = new ArrayList<>();

    @Test
    void validTokenIsCheckedOnce() {
        var tokens = tokens(Instant.now().plusSeconds(3600));
        decode(tokens, "a");
        decode(tokens, "a");
        decode(tokens, "b");
        assertThat(asked).containsExactly("a", "b");
    }

    @Test
    void refusedTokenIsCheckedEachTime() {
        var tokens = tokens(Instant.now().plusSeconds(3600));
        for (var i = 0; i < 2; i++) {
            tokens.decode("bad").as(StepVerifier::create).verifyError(BadJwtException.class);
        }
        assertThat(asked).containsExactly("bad", "bad");
    }

    @Test
    void tokenAtItsEndIsCheckedEachTime() {
        var tokens = tokens(Instant.now().minusSeconds(10));
        decode(tokens, "a");
        decode(tokens, "a");
        assertThat(asked).containsExactly("a", "a");
    }

    private CachingJwtDecoder tokens(Instant expiry) {
        return new CachingJwtDecoder(token -> {
            asked.add(token);
            return token.equals("bad")
                    ? Mono.error(new BadJwtException("bad"))
                    : Mono.just(Jwt.withTokenValue(token)
                            .header("alg", "ES256")
                            .expiresAt(expiry)
                            .build());
        });
    }

    private static void decode(CachingJwtDecoder tokens, String token) {
        tokens.decode(token)
                .as(StepVerifier::create)
                .expectNextMatches(jwt -> jwt.getTokenValue().equals(token))
                .verifyComplete();
    }
}
