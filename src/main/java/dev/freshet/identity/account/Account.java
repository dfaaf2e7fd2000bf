package dev.freshet.identity.account;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An account. Its JSON form is the one of the API.
 *
 * @param name unique; the default author of the account's articles
 * @param email unique regardless of case; null for none
 * @param disabledAt when an admin disabled the account; null if it is enabled
 */
@Table("account")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Account(
        @Id UUID id,
        String name,
        @Nullable String email,
        Role role,
        Instant createdAt,
        @Nullable Instant disabledAt) {

    @JsonIgnore
    public boolean isDisabled() {
        return disabledAt != null;
    }

    /** Returns whether this account can administer accounts. */
    @JsonIgnore
    public boolean isActiveAdmin() {
        return role == Role.ADMIN && !isDisabled();
    }

    /**
     * Returns whether it is the only active admin, who must remain one.
     *
     * @param admins the number of active admins, of {@link Accounts#lockAdmins}
     */
    public boolean isLastAdmin(long admins) {
        return admins == 1 && isActiveAdmin();
    }
}
