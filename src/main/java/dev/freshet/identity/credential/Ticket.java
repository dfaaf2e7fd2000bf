package dev.freshet.identity.credential;

import dev.freshet.identity.account.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The credential behind a stream ticket.
 *
 * @param scopeNames as stored
 * @param parent the credential with which the ticket was requested
 * @param endsAt end of the parent; null for never
 */
@Table("credential")
record Ticket(
        UUID account,
        @Column("scopes") List<String> scopeNames,
        UUID parent,
        @Column("parent_ends_at") @Nullable Instant endsAt) {

    /** Returns the scopes that it grants at most. */
    Set<Scope> scopes() {
        return Scope.parseKnown(scopeNames);
    }
}
