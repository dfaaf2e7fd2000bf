package dev.freshet.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class ProgramTests {

    private static final int SIGINT = 128 + 2;

    @TempDir
    Path temporary;

    @Test
    void dataSurviveAStopAndTheServersStopWithTheProgram() throws Exception {
        Path data = folder();
        try (Program program = Program.start(data)) {
            execute(program, "CREATE TABLE kept AS SELECT 42 AS answer");
            assertThat(List.of(
                            query(program, "SHOW fsync"),
                            query(program, "SHOW synchronous_commit"),
                            query(program, "SHOW full_page_writes")))
                    .containsOnly("on");
            ProcessHandle postgres = program.postgres().orElseThrow();
            ProcessHandle redis = program.redis().orElseThrow();

            assertThat(program.terminate()).isZero();

            assertThat(program.errors()).isEmpty();
            assertThat(program.postgres()).isEmpty();
            assertThat(program.redis()).isEmpty();
            assertThat(List.of(postgres, redis)).noneMatch(ProgramTests::runs);
            assertThat(Files.readString(data.resolve("postgres/server.log"))).contains("database system is shut down");
        }
        try (Program program = Program.start(data)) {
            assertThat(query(program, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void killedProgramLeavesNothingThatTheNextStartTripsOver() throws Exception {
        Path data = folder();
        ProcessHandle orphanedPostgres;
        ProcessHandle orphanedRedis;
        try (Program program = Program.start(data)) {
            execute(program, "CREATE TABLE kept AS SELECT 42 AS answer");
            orphanedPostgres = program.postgres().orElseThrow();
            orphanedRedis = program.redis().orElseThrow();
            program.kill();
            assertThat(List.of(orphanedPostgres, orphanedRedis)).allMatch(ProgramTests::runs);
        }
        try (Program program = Program.start(data)) {
            assertThat(List.of(orphanedPostgres, orphanedRedis)).noneMatch(ProgramTests::runs);
            assertThat(query(program, "SELECT answer FROM kept")).isEqualTo("42");
            assertThat(program.redis()).isPresent();
        }
    }

    @Test
    void pidFileThatNamesAnUnrelatedProcessDoesNotStopTheStart() throws Exception {
        Path data = folder();
        try (Program program = Program.start(data)) {
            program.kill();
            ProcessHandle postgres = program.postgres().orElseThrow();
            postgres.destroyForcibly();
            program.redis().orElseThrow().destroyForcibly();
            postgres.onExit().join();
            Path pidFile = data.resolve("postgres/postmaster.pid");
            String text = Files.readString(pidFile);
            Files.writeString(pidFile, ProcessHandle.current().pid() + text.substring(text.indexOf('\n')));
        }
        try (Program program = Program.start(data)) {
            assertThat(program.postgres()).isPresent();
        }
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void interruptOfTheTerminalReachesTheProgramAloneWhichStopsItsServers() throws Exception {
        try (Program program = Program.start(folder())) {
            assertThat(List.of(group(program.postgres()), group(program.redis())))
                    .doesNotContain(Long.toString(program.pid()));
            assertThat(program.interruptGroup()).isEqualTo(SIGINT);
            assertThat(program.postgres()).isEmpty();
            assertThat(program.redis()).isEmpty();
        }
    }

    @Test
    void secondProgramOnTheSameFolderIsRefused() throws Exception {
        Path data = folder();
        try (Program first = Program.start(data);
                Program second = Program.launch(data)) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.errors())
                    .containsExactly("Freshet can't start. Another Freshet is using " + data + " (process "
                            + first.pid() + "). Stop it, or choose another folder with FRESHET_DATA_DIR.");
            assertThat(first.postgres()).isPresent();
        }
    }

    @Test
    void busyPortIsOneLineAndStartsNoServer() throws Exception {
        Path data = folder();
        try (ServerSocket busy = new ServerSocket(0);
                Program program = Program.launch(data, "--server.port=" + busy.getLocalPort())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errors())
                    .containsExactly("Freshet can't start. Port " + busy.getLocalPort()
                            + " is in use by another program. Stop that one, or choose another port with SERVER_PORT.");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void folderThatCanNotBeWrittenIsOneLine() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        try (Program program = Program.launch(file)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errors()).singleElement().asString().contains(file.toString(), "FRESHET_DATA_DIR");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "freshet.postgres.url=jdbc:postgresql://localhost/x, FRESHET_POSTGRES_URL",
        "freshet.postgres.url=postgresql://a:b@127.0.0.1:1/x, FRESHET_POSTGRES_URL",
        "freshet.redis.url=localhost:6379, FRESHET_REDIS_URL",
        "freshet.redis.timeout=0, timeout",
        "freshet.embedded.enabled=false, must be set",
    })
    void settingThatCanNotBeUsedIsOneLine(String setting, String message) throws Exception {
        try (Program program = Program.launch(folder(), "--" + setting)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errors()).singleElement().asString().contains("Freshet can't start.", message);
            assertThat(program.postgres()).isEmpty();
        }
    }

    @Test
    void givenUrlsMeanThatNothingIsEmbedded() {
        Path data = temporary.resolve("unused");
        try (Freshet instance = Freshet.start(
                Stores.database(),
                Stores.redis(),
                Map.of("freshet.embedded.enabled", "true", "freshet.data-dir", data.toString()))) {
            assertThat(instance.port()).isPositive();
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void dataAndPasswordAreForTheirOwnerOnly() throws Exception {
        Path data = folder();
        try (Program program = Program.start(data)) {
            assertThat(program.postgres()).isPresent();
            for (String name : List.of("stores.password", "redis/redis.conf", "postgres/postgresql.conf")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
        }
    }

    private Path folder() throws IOException {
        return temporary.toRealPath().resolve("data with spaces");
    }

    /** A zombie process has no command. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static String group(java.util.Optional<ProcessHandle> process) throws IOException {
        long pid = process.orElseThrow().pid();
        return new Command(List.of("ps", "-o", "pgid=", "-p", Long.toString(pid)))
                .run(Duration.ofSeconds(5))
                .output();
    }

    private static void execute(Program program, String sql) throws IOException, SQLException {
        try (Connection connection = program.database();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Program program, String sql) throws IOException, SQLException {
        try (Connection connection = program.database();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
