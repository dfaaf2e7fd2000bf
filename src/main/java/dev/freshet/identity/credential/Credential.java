package dev.freshet.identity.credential;

import dev.freshet.identity.account.Scope;
import dev.freshet.platform.WireName;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that an account proves by who it is, without the secret itself.
 *
 * @param name what its owner calls it
 * @param scopes what it allows at most
 * @param expiresAt null for never
 * @param usedAt about when it was used last, to a minute; null for never
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

    /** What a credential is for; each begins with letters of its own, so that one that leaks is recognised. */
    public enum Kind implements WireName {
        /** Made by its owner for a program. */
        TOKEN("frt_"),
        /** Renews the short tokens of somebody who signed in. */
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
