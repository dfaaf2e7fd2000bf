package dev.freshet.identity.account;

import dev.freshet.platform.problem.Problem;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Hashes, checks and stores passwords. Hashing with Argon2id is slow by design, so it runs on threads of its own with a
 * bounded queue. A full queue fails with {@link Problem#UNAVAILABLE}.
 */
@Component
public final class Passwords {

    /** Read when this class is loaded, at start-up, because reading blocks. */
    static final CommonPasswords COMMON = CommonPasswords.load(AccountFields.MIN_PASSWORD_LENGTH);

    private static final UUID NOBODY = new UUID(0, 0);
    private static final int HASHING_THREADS = 2;
    private static final int MAX_QUEUED_HASHES = 64;

    private final Scheduler hashing = Schedulers.newBoundedElastic(HASHING_THREADS, MAX_QUEUED_HASHES, "passwords");
    private final PasswordHashes hashes;
    private final PasswordEncoder encoder;
    private final Mono<String> dummyHash = hash("dummy").cache();

    Passwords(PasswordHashes hashes, PasswordEncoder encoder) {
        this.hashes = hashes;
        this.encoder = encoder;
    }

    /**
     * Checks the password of an account. Without a password or an account it takes as long, so that its time does not
     * reveal which accounts exist.
     *
     * @param account null for an account that does not exist
     * @return the time at which the password was set, for {@link #isUnchanged}; empty if it does not match
     */
    public Mono<Instant> check(@Nullable UUID account, String password) {
        if (password.length() > AccountFields.MAX_PASSWORD_LENGTH) {
            return Mono.empty();
        }
        // Without an account, the query still takes its time.
        return hashes.findById(account == null ? NOBODY : account)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(found -> found.map(stored -> check(stored, password))
                        .orElseGet(() -> dummyHash
                                .flatMap(dummy -> matches(password, dummy))
                                .then(Mono.empty())));
    }

    private Mono<Instant> check(PasswordHash stored, String password) {
        return matches(password, stored.hash())
                .filter(matches -> matches)
                .delayUntil(matches -> encoder.upgradeEncoding(stored.hash())
                        ? hash(password)
                                .flatMap(stronger -> hashes.strengthen(stored.account(), stored.hash(), stronger))
                        : Mono.empty())
                .map(matches -> stored.changedAt());
    }

    /**
     * Returns whether an account still has the password that was set at a time. The result holds until the end of the
     * transaction if that locked the account before.
     */
    public Mono<Boolean> isUnchanged(UUID account, Instant changedAt) {
        return hashes.findById(account)
                .map(found -> found.changedAt().equals(changedAt))
                .defaultIfEmpty(false);
    }

    /** Returns whether an account has a password. */
    public Mono<Boolean> exists(UUID account) {
        return hashes.existsById(account);
    }

    /** Returns the hash of a new password. It takes long: call it outside of transactions, which occupy a connection. */
    public Mono<String> hash(String password) {
        return onHashingThread(() -> encoder.encode(password));
    }

    /** Stores the hash of an account's password, in the caller's transaction if there is one. */
    public Mono<Void> set(UUID account, String hash) {
        return hashes.set(account, hash).then();
    }

    private Mono<Boolean> matches(String password, String hash) {
        return onHashingThread(() -> encoder.matches(password, hash));
    }

    private <T> Mono<T> onHashingThread(Callable<T> work) {
        return Mono.fromCallable(work)
                .subscribeOn(hashing)
                .onErrorMap(
                        RejectedExecutionException.class,
                        queueIsFull -> Problem.UNAVAILABLE.because("Too many sign-ins are in progress."));
    }

    @PreDestroy
    void stop() {
        hashing.dispose();
    }
}
