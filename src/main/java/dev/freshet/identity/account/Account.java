package dev.freshet.identity.account;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An account.
 *
 * @param name unique; the author of articles that name none
 * @param email unique regardless of case; null if the account has none here
 * @param disabledAt time of the disabling; null while the account is active
 */
@Table("account")
public record Account(
        @Id UUID id,
        String name,
        @Nullable String email,
        Role role,
        Instant createdAt,
        @Nullable Instant disabledAt) {

    /** Returns whether an admin has disabled the account. */
    public boolean isDisabled() {
        return disabledAt != null;
    }
}
