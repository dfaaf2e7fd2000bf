package dev.freshet.identity.credential;

import dev.freshet.identity.account.ActiveAccounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Follows the revocations of credentials and the changes of accounts, which are stored in PostgreSQL. So all instances know
 * them within a second, and no request has to query its credential or its account.
 *
 * <p>While credentials are in use, one statement a second reads the changes. Otherwise, the next check of a credential reads
 * them. Safe for use by any thread.
 */
@Component
public final class IdentityChanges {

    private static final Duration MAX_AGE = Duration.ofSeconds(1);
    // The time after the last check of a credential in which changes are still read each second.
    private static final Duration IN_USE_TTL = Duration.ofMinutes(1);
    // Transactions commit in another order than their timestamps.
    private static final Duration OVERLAP = Duration.ofSeconds(30);
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private final IdentityChangeRepository repository;
    private final ActiveAccounts accounts;
    private final LongSupplier nanoTime;
    // The revoked credentials, with the end of each.
    private final Map<UUID, Instant> revoked = new ConcurrentHashMap<>();
    // Checks that wait for the changes at the same time share a read.
    private final Mono<Void> sharedRead = Flux.from(read()).share().then();
    // The latest start of the reads that succeeded.
    private final AtomicLong readAt;
    private volatile long checkedAt;
    private volatile Instant latest = Instant.EPOCH;

    @Autowired
    IdentityChanges(IdentityChangeRepository repository, ActiveAccounts accounts) {
        this(repository, accounts, System::nanoTime);
    }

    IdentityChanges(IdentityChangeRepository repository, ActiveAccounts accounts, LongSupplier nanoTime) {
        this.repository = repository;
        this.accounts = accounts;
        this.nanoTime = nanoTime;
        var now = nanoTime.getAsLong();
        this.readAt = new AtomicLong(now - MAX_AGE.toNanos() - 1);
        this.checkedAt = now - IN_USE_TTL.toNanos();
    }

    /** Completes when this instance has all changes up to a second ago. Fails if they cannot be read. */
    Mono<Void> await() {
        return Mono.defer(() -> {
            var now = nanoTime.getAsLong();
            var oldest = now - MAX_AGE.toNanos();
            checkedAt = now;
            // A read in progress may have begun before that. The one after it has not, so one repetition is enough.
            return readAt.get() - oldest >= 0
                    ? Mono.empty()
                    : sharedRead.repeat(1, () -> readAt.get() - oldest < 0).then();
        });
    }

    /** Returns whether a credential is revoked, from memory. */
    public boolean isRevoked(UUID credential) {
        checkedAt = nanoTime.getAsLong();
        return revoked.containsKey(credential);
    }

    /** Reads the changes if credentials are in use. */
    Mono<Void> readInUse() {
        return Mono.defer(() -> nanoTime.getAsLong() - checkedAt < IN_USE_TTL.toNanos() ? sharedRead : Mono.empty());
    }

    /** Reads the changes since the last read. */
    public Mono<Void> read() {
        return Mono.defer(() -> {
            var start = nanoTime.getAsLong();
            return repository
                    .findAfter(latest.equals(Instant.EPOCH) ? latest : latest.minus(OVERLAP))
                    .doOnNext(this::apply)
                    .map(IdentityChange::at)
                    .reduce((one, other) -> one.isAfter(other) ? one : other)
                    .doOnNext(newest -> latest = newest)
                    .then(Mono.fromRunnable(() -> {
                        removeEnded();
                        // A slow read may end after a later one.
                        readAt.accumulateAndGet(start, (one, other) -> one - other < 0 ? other : one);
                    }));
        });
    }

    /** Deletes changes from the tables that have no effect any more. */
    Mono<Void> deleteOld() {
        return repository.deleteOld().then();
    }

    private void apply(IdentityChange change) {
        var until = change.until();
        if (until == null) {
            accounts.forget(change.id());
        } else {
            revoked.put(change.id(), until);
        }
    }

    private void removeEnded() {
        var past = Instant.now().minus(CLOCK_TOLERANCE);
        revoked.values().removeIf(past::isAfter);
    }
}
