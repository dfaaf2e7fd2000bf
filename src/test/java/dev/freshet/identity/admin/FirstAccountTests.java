package dev.freshet.identity.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;

/** The token of an installation whose admins cannot sign in. */
@CapturesOutput
class FirstAccountTests {

    private static final Map<String, String> SETTINGS = Map.of("freshet.samples", "false");

    private final String database = Stores.database();

    @Test
    void logNamesTheAccountOfTheToken(CapturedOutput output) {
        prepare("update account set name = 'locked-out'", "delete from credential");
        try (var instance = Freshet.start(database, "", SETTINGS)) {
            assertThat(Objects.requireNonNull(
                                    instance.bean(FirstAccount.class).ensure().block(Freshet.TIMEOUT))
                            .name())
                    .isEqualTo("locked-out");
            assertThat(output).contains("Token of the account locked-out, written to");
        }
    }

    @Test
    void uncommittedTokenIsNotLogged(CapturedOutput output) {
        prepare(
                "update account set name = 'uncommitted'",
                "delete from credential",
                "create function refuse() returns trigger language plpgsql as $$ begin"
                        + " raise exception 'refused at the commit'; end $$",
                "create constraint trigger refuse after insert on credential initially deferred"
                        + " for each row execute function refuse()");
        try (var instance = Freshet.start(database, "", SETTINGS)) {
            var ensured = instance.bean(FirstAccount.class).ensure();
            assertThat(Freshet.get(ensured.materialize()).getThrowable()).hasMessageContaining("refused at the commit");
            assertThat(output).contains("refused at the commit").doesNotContain("account uncommitted");
        }
    }

    @Test
    void instanceIsReadyOnceTheTokenIsWritten(@TempDir Path folder) throws Exception {
        var token = folder.resolve("first-token");
        try (var connection = Stores.connect(database);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table account in access exclusive mode");
            try (var instance = Freshet.start(
                    database, "", Map.of("freshet.samples", "false", "freshet.data-dir", folder.toString()))) {
                assertThat(readiness(instance)).isEqualTo(503);
                assertThat(token).doesNotExist();
                connection.rollback();
                Freshet.until(() -> readiness(instance) == 200);
                assertThat(token).isNotEmptyFile();
            }
        }
    }

    private static int readiness(Freshet instance) {
        return Freshet.get(instance.send(HttpMethod.GET, "/actuator/health/readiness", ""))
                .code();
    }

    /** Starts an instance, which creates the tables and the first account, and changes them. */
    private void prepare(String... statements) {
        try (var instance = Freshet.start(database, "", SETTINGS)) {
            Freshet.get(instance.bean(FirstAccount.class).ensure());
            for (var statement : statements) {
                instance.bean(DatabaseClient.class).sql(statement).then().block(Freshet.TIMEOUT);
            }
        }
    }
}
