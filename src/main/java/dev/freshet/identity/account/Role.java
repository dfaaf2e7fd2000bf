package dev.freshet.identity.account;

import dev.freshet.platform.WireName;

/** What somebody is here, each with all that those before it may. */
public enum Role implements WireName {
    /** Follows what others write. */
    READER,
    /** Writes articles, and changes those that it wrote. */
    AUTHOR,
    /** Changes articles of all. */
    EDITOR,
    /** Looks after accounts and the server itself. */
    ADMIN;

    /** Whether this role may what the other one may. */
    public boolean isAtLeast(Role other) {
        return compareTo(other) >= 0;
    }

    /** As in tables and JSON, such as {@code author}. */
    @Override
    public String toString() {
        return wireName();
    }
}
