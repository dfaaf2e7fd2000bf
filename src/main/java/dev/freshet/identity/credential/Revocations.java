package dev.freshet.identity.credential;

import dev.freshet.platform.Periodic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Credentials revoked before their end. They are stored in PostgreSQL, and each instance reads new ones once a second.
 * So all instances know them within seconds and no request has to query them.
 */
@Component
public final class Revocations implements SmartLifecycle {

    private static final Duration SWEEP = Duration.ofSeconds(1);
    // Transactions commit in another order than their timestamps.
    private static final Duration OVERLAP = Duration.ofSeconds(30);

    private final DatabaseClient client;
    private final Map<UUID, Instant> ends = new ConcurrentHashMap<>();
    private final Periodic sweep = new Periodic("Reading revocations", SWEEP, Mono.defer(this::read));
    private final Mono<Boolean> begun = Mono.defer(() -> read().thenReturn(true))
            .cache(read -> Duration.ofNanos(Long.MAX_VALUE), failed -> Duration.ZERO, () -> Duration.ZERO);
    private volatile Instant latest = Instant.EPOCH;

    Revocations(DatabaseClient client) {
        this.client = client;
    }

    /** Returns whether a credential is revoked, once this instance has read the revocations. */
    Mono<Boolean> check(UUID credential) {
        return begun.map(read -> isRevoked(credential));
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
                : client.sql("insert into revocation (credential, until) select c, :until from unnest(:credentials) c"
                                + " on conflict (credential) do nothing")
                        .bind("until", until)
                        .bind("credentials", credentials.toArray(UUID[]::new))
                        .then();
    }

    public Mono<Void> read() {
        return client.sql("select credential, at, until from revocation where at > :from and until > now()")
                .bind("from", latest.equals(Instant.EPOCH) ? latest : latest.minus(OVERLAP))
                .map(row -> {
                    ends.put(
                            Objects.requireNonNull(row.get("credential", UUID.class)),
                            Objects.requireNonNull(row.get("until", Instant.class)));
                    return Objects.requireNonNull(row.get("at", Instant.class));
                })
                .all()
                .reduce((one, other) -> one.isAfter(other) ? one : other)
                .doOnNext(newest -> latest = newest)
                .then(Mono.fromRunnable(this::forget));
    }

    /** Removes credentials that have ended by themselves, with a tolerance of minutes between clocks. */
    private void forget() {
        var past = Instant.now().minus(OVERLAP.multipliedBy(10));
        ends.values().removeIf(past::isAfter);
    }

    @Override
    public void start() {
        sweep.start();
    }

    @Override
    public void stop() {
        sweep.stop();
    }

    @Override
    public boolean isRunning() {
        return sweep.isRunning();
    }
}
