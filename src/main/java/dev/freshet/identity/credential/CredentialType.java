package dev.freshet.identity.credential;

import dev.freshet.platform.WireName;

/** The types of credentials. Each has a prefix, so that a leaked secret is recognised. */
public enum CredentialType implements WireName {
    /** Created by its owner for a program. */
    TOKEN("frt_"),
    /** Renews the short access tokens of a session. */
    SESSION("frs_"),
    /** Keeps a browser signed in. */
    COOKIE("frc_"),
    /** Opens one stream, once. */
    TICKET("frk_"),
    /** Sets a new password, once. */
    RESET("frr_"),
    /** Part of the secret address of a feed. */
    FEED("frf_");

    private final String prefix;

    CredentialType(String prefix) {
        this.prefix = prefix;
    }

    /** Returns the prefix of its secrets. */
    String prefix() {
        return prefix;
    }
}
