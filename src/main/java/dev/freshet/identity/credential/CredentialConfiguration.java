package dev.freshet.identity.credential;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import dev.freshet.platform.Periodic;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Verification of access tokens, and periodic work on credentials. */
@Configuration(proxyBeanMethods = false)
class CredentialConfiguration {

    @Bean
    ReactiveJwtDecoder jwtDecoder(SigningKeys keys, AuthSettings settings) {
        var decoder = NimbusReactiveJwtDecoder.withJwkSource(
                        jwt -> JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())
                                ? keys.all().flatMapIterable(all -> List.<JWK>copyOf(all))
                                : Flux.empty())
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                // The validator below checks the type.
                .validateType(false)
                .build();
        decoder.setJwtValidator(JwtValidators.createAtJwtValidator()
                .issuer(settings.issuer())
                .audience(Tokens.AUDIENCE)
                .clientId(Tokens.CLIENT)
                .build());
        var cache = new TokenCache<Jwt>(Jwt::getExpiresAt);
        return token -> cache.get(token, () -> decoder.decode(token));
    }

    @Bean
    Periodic identityChangeReading(IdentityChanges changes) {
        return new Periodic("Reading revocations and changes of accounts", Duration.ofSeconds(1), changes.readInUse());
    }

    @Bean
    Periodic signingKeyRotation(SigningKeys keys) {
        return new Periodic("Rotating signing keys", Duration.ofHours(1), Mono.defer(keys::rotate));
    }

    @Bean
    Periodic credentialCleanup(Credentials credentials, IdentityChanges changes) {
        return new Periodic(
                "Deleting expired credentials",
                Duration.ofHours(1),
                Mono.defer(() -> credentials.deleteExpired().then(changes.deleteOld())));
    }
}
