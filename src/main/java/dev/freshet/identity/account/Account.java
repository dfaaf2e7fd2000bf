package dev.freshet.identity.account;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Somebody who is known here.
 *
 * @param name unique; the author of articles that name none
 * @param email unique whatever its case; null for who has none here
 * @param disabledAt since when this account may do nothing; null where it may
 */
@Table("account")
public record Account(
        @Id UUID id,
        String name,
        @Nullable String email,
        Role role,
        Instant createdAt,
        @Nullable Instant disabledAt) {

    /** Whether an admin has taken its rights away until further notice. */
    public boolean isDisabled() {
        return disabledAt != null;
    }
}
