package dev.freshet.identity.credential;

import dev.freshet.identity.account.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A credential of an account, without its secret.
 *
 * @param name the name that its owner chose
 * @param scopeNames as stored; another version of this server may know more of them
 * @param expiresAt null for never
 * @param usedAt time of the last use, accurate to a minute; null for never
 */
@Table("credential")
public record Credential(
        @Id UUID id,
        UUID account,
        String name,
        @Column("scopes") List<String> scopeNames,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant usedAt) {

    /** Returns the scopes that it grants at most. */
    public Set<Scope> scopes() {
        return Scope.parseKnown(scopeNames);
    }
}
