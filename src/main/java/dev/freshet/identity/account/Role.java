package dev.freshet.identity.account;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.platform.WireName;
import java.util.Optional;

/** The role of an account, in ascending order. Each role includes the rights of those before it. */
public enum Role implements WireName {
    /** Reads and follows feeds. */
    READER,
    /** Writes articles and changes its own. */
    AUTHOR,
    /** Changes all articles. */
    EDITOR,
    /** Administers accounts and operates the server. */
    ADMIN;

    /** Returns the role with this wire name. */
    static Optional<Role> parse(String wireName) {
        return WireName.parse(Role.class, wireName);
    }

    /** Returns whether this role includes the rights of another one. */
    public boolean isAtLeast(Role other) {
        return compareTo(other) >= 0;
    }

    /** Returns the form of tables and JSON, for example {@code author}. */
    @JsonValue
    @Override
    public String toString() {
        return wireName();
    }
}
