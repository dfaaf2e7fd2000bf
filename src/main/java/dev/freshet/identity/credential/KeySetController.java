package dev.freshet.identity.credential;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The public keys by which other servers verify access tokens. */
@RestController
@Tag(name = "Accounts")
class KeySetController {

    private static final Duration CACHE_TTL = Duration.ofMinutes(5);

    private final SigningKeys keys;

    KeySetController(SigningKeys keys) {
        this.keys = keys;
    }

    @GetMapping("/.well-known/jwks.json")
    @Operation(summary = "Read the public keys that verify access tokens (RFC 7517)")
    Mono<ResponseEntity<Map<String, Object>>> keys() {
        return keys.published()
                .map(set -> ResponseEntity.ok()
                        .cacheControl(CacheControl.maxAge(CACHE_TTL).cachePublic())
                        .body(set.toJSONObject()));
    }
}
