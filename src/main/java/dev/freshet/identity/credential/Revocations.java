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
 * The credentials that are good no more before their time. They are kept in PostgreSQL, and each instance looks there
 * once a second for what is new, so that all know within seconds and no request has to ask.
 */
@Component
public final class Revocations implements SmartLifecycle {

    private static final Duration SWEEP = Duration.ofSeconds(1);
    // Transactions commit in another order than that of their times.
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

    /** Whether a credential is good no more; asked before its bearer is believed. */
    Mono<Boolean> check(UUID credential) {
        return begun.map(read -> isRevoked(credential));
    }

    /** Whether a credential was revoked since this instance looked first, or before. It takes no time to ask. */
    public boolean isRevoked(UUID credential) {
        return ends.containsKey(credential);
    }

    /**
     * Revokes credentials, in the caller's transaction if there is one. Those that are revoked already stay so.
     *
     * @param until when they had ended by themselves, at the latest
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

    /** What has ended by itself by now, clocks that differ by some minutes included. */
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
