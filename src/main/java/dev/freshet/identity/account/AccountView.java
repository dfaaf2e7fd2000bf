package dev.freshet.identity.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An account in the JSON of the API. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountView(
        UUID id,
        String name,
        @Nullable String email,
        String role,
        Instant createdAt,
        @Nullable Instant disabledAt) {

    public static AccountView of(Account account) {
        return new AccountView(
                account.id(),
                account.name(),
                account.email(),
                account.role().toString(),
                account.createdAt(),
                account.disabledAt());
    }
}
