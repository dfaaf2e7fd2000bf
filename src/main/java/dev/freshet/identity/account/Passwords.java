package dev.freshet.identity.account;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The passwords of accounts, as Argon2id hashes. Hashing is slow by design, so it runs on threads of its own. When too
 * many requests wait for them, further requests are refused.
 */
@Component
public final class Passwords {

    private static final int SHORTEST = 8;
    // Hashing time grows with the length.
    private static final int LONGEST = 128;

    private static final CommonPasswords COMMON = CommonPasswords.load(SHORTEST);

    private static final int THREADS = 2;
    private static final int WAITING = 64;

    // OWASP's minimum: 19 MiB, two passes, one lane.
    private final PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    private final Scheduler hashing = Schedulers.newBoundedElastic(THREADS, WAITING, "passwords");
    private final DatabaseClient client;
    private final Mono<String> nobodys = hash("nobody's").cache();

    public Passwords(DatabaseClient client) {
        this.client = client;
    }

    /**
     * Checks the password of an account. The check takes as long for an account without a password and for an unknown
     * account, so that its time does not reveal which accounts exist.
     *
     * @param account null for an unknown account
     */
    public Mono<Boolean> check(@Nullable UUID account, String password) {
        if (password.length() > LONGEST) {
            return Mono.just(false);
        }
        var hash = account == null ? Mono.<String>empty() : read(account);
        return hash.map(kept -> new Kept(kept, true))
                .switchIfEmpty(nobodys.map(other -> new Kept(other, false)))
                .flatMap(kept -> off(() -> encoder.matches(password, kept.hash()) && kept.isReal())
                        .delayUntil(matches -> matches && account != null && encoder.upgradeEncoding(kept.hash())
                                ? hash(password).flatMap(better -> set(account, better))
                                : Mono.empty()));
    }

    /** Returns whether an account has a password. */
    public Mono<Boolean> exists(UUID account) {
        return read(account).hasElement();
    }

    private record Kept(String hash, boolean isReal) {}

    /** Hashes a new password for {@link #set}. Slow: call it outside of a transaction, whose connection others need. */
    public Mono<String> hash(String password) {
        return off(() -> encoder.encode(password));
    }

    /** Sets the password of an account by its hash, in the caller's transaction if there is one. */
    public Mono<Void> set(UUID account, String hash) {
        return client.sql("insert into password (account, hash) values (:account, :hash)"
                        + " on conflict (account) do update set hash = excluded.hash, changed_at = now()")
                .bind("account", account)
                .bind("hash", hash)
                .then();
    }

    /** Returns the faults of a new password. Length counts, not composition (NIST 800-63B). */
    public static List<Invalid> faults(String field, @Nullable String password, String name) {
        var faults = new ArrayList<Invalid>();
        if (password == null || password.length() < SHORTEST || password.length() > LONGEST) {
            faults.add(new Invalid(field, "must have " + SHORTEST + " to " + LONGEST + " characters"));
        } else if (password.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))) {
            faults.add(new Invalid(field, "must not contain the name"));
        } else if (password.chars().distinct().count() < SHORTEST / 2) {
            faults.add(new Invalid(field, "repeats too few characters"));
        } else if (COMMON.contains(password)) {
            faults.add(new Invalid(field, "is one that anyone would try first"));
        }
        return faults;
    }

    private Mono<String> read(UUID account) {
        return client.sql("select hash from password where account = :account")
                .bind("account", account)
                .mapValue(String.class)
                .one();
    }

    private <T> Mono<T> off(Callable<T> work) {
        return Mono.fromCallable(work)
                .subscribeOn(hashing)
                .onErrorMap(
                        RejectedExecutionException.class,
                        full -> Problem.UNAVAILABLE.because("Too many sign in at this moment."));
    }

    @PreDestroy
    public void stop() {
        hashing.dispose();
    }
}
