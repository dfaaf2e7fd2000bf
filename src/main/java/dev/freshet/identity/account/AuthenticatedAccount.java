package dev.freshet.identity.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account whose user was authenticated, and is about to get a session.
 *
 * @param passwordChangedAt the time at which the checked password was set; null if no password was checked
 */
public record AuthenticatedAccount(
        Account account, @Nullable Instant passwordChangedAt) {

    /** Returns an account whose user was authenticated without its password. */
    public static AuthenticatedAccount withoutPassword(Account account) {
        return new AuthenticatedAccount(account, null);
    }
}
