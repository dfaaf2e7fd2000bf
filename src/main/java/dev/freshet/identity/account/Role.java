package dev.freshet.identity.account;

import dev.freshet.platform.WireName;

/** The roles of accounts. Each includes the rights of those before it. */
public enum Role implements WireName {
    /** Follows feeds. */
    READER,
    /** Writes articles, and changes its own. */
    AUTHOR,
    /** Changes all articles. */
    EDITOR,
    /** Manages accounts and the server. */
    ADMIN;

    /** Returns whether this role includes another. */
    public boolean isAtLeast(Role other) {
        return compareTo(other) >= 0;
    }

    /** Returns the form in tables and JSON, such as {@code author}. */
    @Override
    public String toString() {
        return wireName();
    }
}
