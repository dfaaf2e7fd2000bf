package dev.freshet.identity.credential;

import dev.freshet.identity.account.Scope;
import dev.freshet.platform.WireName;
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
        Kind kind,
        String name,
        Set<Scope> scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant usedAt) {

    /** The types of credentials. Each has a prefix, so that a leaked secret is recognised. */
    public enum Kind implements WireName {
        /** Created by its owner for a program. */
        TOKEN("frt_"),
        /** Renews the short access tokens of a session. */
        SESSION("frs_"),
        /** Keeps a browser signed in. */
        COOKIE("frc_"),
        /** Opens one stream, once. */
        TICKET("frk_"),
        /** Sets a new password, once. */
        RESET("frr_");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        String prefix() {
            return prefix;
        }
    }
}
