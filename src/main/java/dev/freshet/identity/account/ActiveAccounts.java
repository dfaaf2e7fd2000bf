package dev.freshet.identity.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Active accounts, held in memory for a second. So a caller's account is at most that old, as its revocations are, and
 * requests in quick succession read it once. Changes by this instance are visible at once.
 */
@Component
public final class ActiveAccounts {

    private static final int MAX_ACCOUNTS = 10_000;
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final Accounts accounts;
    private final Cache<UUID, Account> recent;

    @Autowired
    ActiveAccounts(Accounts accounts) {
        this(accounts, Ticker.systemTicker());
    }

    ActiveAccounts(Accounts accounts, Ticker time) {
        this.accounts = accounts;
        this.recent = Caffeine.newBuilder()
                .maximumSize(MAX_ACCOUNTS)
                .expireAfterWrite(MAX_AGE)
                .ticker(time)
                .build();
    }

    /** Returns the active account with this id, at most a second old. */
    public Mono<Account> find(UUID id) {
        return Mono.defer(() -> {
            var account = recent.getIfPresent(id);
            return account == null
                    ? accounts.findActive(id).doOnNext(read -> recent.put(id, read))
                    : Mono.just(account);
        });
    }

    /** Reads the account again at its next use. To be called after a change is committed. */
    public void forget(UUID id) {
        recent.invalidate(id);
    }
}
