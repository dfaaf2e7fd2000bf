package dev.freshet.identity.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Credentials revoked before their end. They are stored in PostgreSQL, and each instance reads new ones once a second.
 * So all instances know them within seconds and no request has to query them.
 */
@Component
public final class Revocations {

    // Transactions commit in another order than their timestamps.
    private static final Duration OVERLAP = Duration.ofSeconds(30);
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private final RevocationRepository repository;
    private final Map<UUID, Instant> ends = new ConcurrentHashMap<>();
    // A failed read is not cached.
    private final Mono<Boolean> firstRead = Mono.defer(() -> read().thenReturn(true))
            .cache(read -> Duration.ofNanos(Long.MAX_VALUE), failed -> Duration.ZERO, () -> Duration.ZERO);
    private volatile Instant latest = Instant.EPOCH;

    Revocations(RevocationRepository repository) {
        this.repository = repository;
    }

    /** Returns whether a credential is revoked, once this instance has read the revocations. */
    Mono<Boolean> check(UUID credential) {
        return firstRead.map(read -> isRevoked(credential));
    }

    /** Returns whether a credential is revoked, from the table: also by another instance a moment ago. */
    Mono<Boolean> checkStored(UUID credential) {
        return repository.existsByCredential(credential);
    }

    /** Returns whether a credential is revoked, from memory. */
    public boolean isRevoked(UUID credential) {
        return ends.containsKey(credential);
    }

    /**
     * Revokes credentials, in the caller's transaction if there is one. Revoking twice has no effect.
     *
     * @param until their own end, at the latest
     */
    public Mono<Void> revoke(Collection<UUID> credentials, Instant until) {
        return credentials.isEmpty()
                ? Mono.empty()
                : repository.add(credentials.toArray(UUID[]::new), until).then();
    }

    /** Reads the revocations since the last read. */
    public Mono<Void> read() {
        return repository
                .findInForceAfter(latest.equals(Instant.EPOCH) ? latest : latest.minus(OVERLAP))
                .doOnNext(revocation -> ends.put(revocation.credential(), revocation.until()))
                .map(Revocation::at)
                .reduce((one, other) -> one.isAfter(other) ? one : other)
                .doOnNext(newest -> latest = newest)
                .then(Mono.fromRunnable(this::removeEnded));
    }

    /** Deletes revocations that have ended from the table. */
    Mono<Void> deleteEnded() {
        return repository.deleteEnded().then();
    }

    private void removeEnded() {
        var past = Instant.now().minus(CLOCK_TOLERANCE);
        ends.values().removeIf(past::isAfter);
    }
}
