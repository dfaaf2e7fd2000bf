package dev.freshet.identity.account;

import com.ibm.icu.text.SpoofChecker;
import dev.freshet.platform.NameKey;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Names that look alike, such as those with a Cyrillic letter for a Latin one (Unicode Technical Standard 39). They have
 * the same skeleton. The migration stores the skeletons of existing accounts; of several that look alike, the oldest
 * gets it.
 */
@Component
final class LookAlikes implements JavaMigration {

    // Loads its data from files, so it must exist before an event loop needs it.
    private static final SpoofChecker CHECKER = new SpoofChecker.Builder().build();

    /** Returns the skeleton of a name. */
    static String skeleton(String name) {
        return CHECKER.getSkeleton(NameKey.of(name));
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("16");
    }

    @Override
    public String getDescription() {
        return "skeletons of accounts";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws Exception {
        var connection = context.getConnection();
        try (var create = connection.createStatement();
                var read = connection.createStatement();
                var write = connection.prepareStatement("update account set skeleton = ? where id = ?"
                        + " and not exists (select from account where skeleton = ?)")) {
            create.execute("alter table account add column skeleton text unique");
            var accounts = read.executeQuery("select id, name from account order by created_at, id");
            while (accounts.next()) {
                var skeleton = skeleton(accounts.getString("name"));
                write.setString(1, skeleton);
                write.setObject(2, accounts.getObject("id"));
                write.setString(3, skeleton);
                write.execute();
            }
        }
    }
}
