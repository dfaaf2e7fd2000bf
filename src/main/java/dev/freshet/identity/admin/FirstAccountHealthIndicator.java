package dev.freshet.identity.admin;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Makes readiness wait for the first account, since an operator reads its token as soon as an instance is ready. A failed
 * creation is repeated at the next check. Later checks cost nothing.
 */
@Component
class FirstAccountHealthIndicator implements ReactiveHealthIndicator {

    /** Shorter than the time limits of the image's health check and of the Kubernetes probes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final FirstAccount firstAccount;

    FirstAccountHealthIndicator(FirstAccount firstAccount) {
        this.firstAccount = firstAccount;
    }

    @Override
    public Mono<Health> health() {
        return firstAccount
                .ensure()
                .map(account -> Health.up().build())
                .timeout(TIMEOUT)
                // Not logged: checks are public, and each would add a line.
                .onErrorReturn(Health.outOfService().build());
    }
}
