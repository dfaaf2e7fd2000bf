package dev.freshet.identity.credential;

import dev.freshet.identity.account.Scope;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credential of an account, without its secret.
 *
 * @param name the name that its owner chose
 * @param scopes the scopes that it grants at most
 * @param expiresAt null for never
 * @param usedAt time of the last use, accurate to a minute; null for never
 */
public record Credential(
        UUID id,
        UUID account,
        CredentialType type,
        String name,
        Set<Scope> scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant usedAt) {}
