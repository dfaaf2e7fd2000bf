package dev.freshet.identity.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Active accounts, held in memory for some minutes, or until they are reported to have changed. So a caller's account is as
 * old as the last report of changes, and requests read it rarely. Safe for use by any thread.
 */
@Component
public final class ActiveAccounts {

    private static final int MAX_ACCOUNTS = 10_000;
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private final Accounts accounts;
    private final Cache<UUID, Mono<Account>> held = Caffeine.newBuilder()
            .maximumSize(MAX_ACCOUNTS)
            .expireAfterWrite(MAX_AGE)
            .build();

    ActiveAccounts(Accounts accounts) {
        this.accounts = accounts;
    }

    /** Returns the active account with this id; empty if there is none. */
    public Mono<Account> find(UUID id) {
        return Mono.defer(() -> held.get(id, this::read));
    }

    /** Concurrent requests share one read. Failures and absent accounts are read again. */
    private Mono<Account> read(UUID id) {
        return Mono.defer(() -> accounts.findActive(id))
                .cache(found -> Duration.ofNanos(Long.MAX_VALUE), failed -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** Reads the account again at its next use, also if it is being read now. To be called after a change is committed. */
    public void forget(UUID id) {
        held.invalidate(id);
    }
}
