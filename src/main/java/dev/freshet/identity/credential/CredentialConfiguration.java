package dev.freshet.identity.credential;

import dev.freshet.platform.Periodic;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Periodic work on credentials. */
@Configuration(proxyBeanMethods = false)
class CredentialConfiguration {

    @Bean
    Periodic revocationReading(Revocations revocations) {
        return new Periodic("Reading revocations", Duration.ofSeconds(1), Mono.defer(revocations::read));
    }

    @Bean
    Periodic signingKeyRotation(SigningKeys keys) {
        return new Periodic("Rotating signing keys", Duration.ofHours(1), Mono.defer(keys::rotate));
    }

    @Bean
    Periodic credentialCleanup(Credentials credentials) {
        return new Periodic(
                "Deleting expired credentials", Duration.ofHours(1), Mono.defer(credentials::deleteExpired));
    }
}
