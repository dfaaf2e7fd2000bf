package dev.freshet.identity.account;

import org.flywaydb.core.api.migration.JavaMigration;

/** The migrations in Java, for {@link dev.freshet.testing}. */
public final class AccountMigrations {

    private AccountMigrations() {}

    /** Returns all of them. */
    public static JavaMigration[] all() {
        return new JavaMigration[] {new LookAlikes()};
    }
}
