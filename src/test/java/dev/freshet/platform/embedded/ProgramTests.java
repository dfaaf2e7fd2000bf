package dev.freshet.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class ProgramTests {

    private static final int SIGINT = 128 + 2;

    /** Runs until the last test, for tests that do not change it. */
    private static Program running;

    @TempDir
    private static Path shared;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() throws IOException {
        running = Program.start(folder(shared));
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    /** Each start finds the folder as another kind of end left it. Ends the program of the other tests. */
    @Test
    @Order(Integer.MAX_VALUE)
    void dataSurvivesEachKindOfEnd() throws Exception {
        var data = folder(shared);
        execute(running, "CREATE TABLE survivor AS SELECT 42 AS answer");
        var orphans = servers(running);
        running.kill();
        assertThat(orphans).allMatch(ProgramTests::runs);
        var pidFile = data.resolve("postgres/postmaster.pid");
        String pidFileText;
        try (var program = Program.start(data)) {
            assertThat(orphans).noneMatch(ProgramTests::runs);
            assertThat(query(program, "SELECT answer FROM survivor")).isEqualTo("42");
            var servers = servers(program);
            pidFileText = Files.readString(pidFile);

            assertThat(program.terminate()).isZero();

            assertThat(program.errors()).isEmpty();
            assertStopped(program, servers);
            assertThat(Files.readString(data.resolve("postgres/server.log"))).contains("database system is shut down");
        }
        // As a restart of the machine leaves it, after which an unrelated process has the id.
        Files.writeString(pidFile, ProcessHandle.current().pid() + pidFileText.substring(pidFileText.indexOf('\n')));
        try (var program = Program.start(data)) {
            assertThat(query(program, "SELECT answer FROM survivor")).isEqualTo("42");
            var servers = servers(program);

            assertThat(program.interruptGroup()).isEqualTo(SIGINT);

            assertStopped(program, servers);
        }
    }

    @Test
    void serversAreOutsideTheProcessGroupOfTheTerminal() throws Exception {
        for (var server : servers(running)) {
            assertThat(group(server)).isNotEmpty().isNotEqualTo(Long.toString(running.pid()));
        }
    }

    @Test
    void postgresIsDurable() throws Exception {
        for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            assertThat(query(running, "SHOW " + setting)).as(setting).isEqualTo("on");
        }
    }

    @Test
    void secondProgramOnTheSameFolderIsRefused() throws Exception {
        var data = folder(shared);
        // Not closed, because that would end the servers of the folder.
        var second = Program.launch(data);
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.errors())
                .containsExactly("Freshet can't start. Another Freshet is using " + data + " (process " + running.pid()
                        + "). Stop it, or choose another folder with FRESHET_DATA_DIR.");
        assertThat(servers(running)).allMatch(ProgramTests::runs);
    }

    @Test
    void busyPortIsReportedInOneLineBeforeServersStart() throws Exception {
        var data = folder(temporary);
        try (var busy = new ServerSocket(0);
                var program = Program.launch(data, "--server.port=" + busy.getLocalPort())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errors())
                    .containsExactly("Freshet can't start. Port " + busy.getLocalPort()
                            + " is in use by another program. Stop that one, or choose another port with SERVER_PORT.");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void unwritableFolderIsReportedInOneLine() throws Exception {
        var file = Files.createFile(temporary.resolve("file"));
        try (var program = Program.launch(file)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errors()).singleElement().asString().contains(file.toString(), "FRESHET_DATA_DIR");
        }
    }

    /** Found after the servers have started. Further settings: StartupFailureReporterTests. */
    @Test
    void unusableSettingIsReportedInOneLineAndServersEnd() throws Exception {
        try (var program = Program.launch(folder(temporary), "--freshet.redis.timeout=0")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errors()).singleElement().asString().contains("Freshet can't start.", "timeout");
            assertThat(program.postgres()).isEmpty();
        }
    }

    @Test
    void noServerIsEmbedded_whenUrlsAreGiven() {
        var data = temporary.resolve("unused");
        try (var instance = Freshet.start(
                Stores.database(),
                Stores.redis(),
                Map.of("freshet.embedded.enabled", "true", "freshet.data-dir", data.toString()))) {
            assertThat(instance.port()).isPositive();
            assertThat(data.resolve("postgres")).doesNotExist();
            assertThat(data.resolve("redis")).doesNotExist();
        }
    }

    @Test
    void dataAndPasswordsAreReadableByTheirOwnerOnly() throws Exception {
        var data = folder(shared);
        for (var name : List.of("stores.password", "redis/redis.conf", "postgres/postgresql.conf")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    private static Path folder(Path parent) throws IOException {
        return parent.toRealPath().resolve("data with spaces");
    }

    private static List<ProcessHandle> servers(Program program) throws IOException {
        return List.of(program.postgres().orElseThrow(), program.redis().orElseThrow());
    }

    private static void assertStopped(Program program, List<ProcessHandle> servers) throws IOException {
        assertThat(program.postgres()).isEmpty();
        assertThat(program.redis()).isEmpty();
        assertThat(servers).noneMatch(ProgramTests::runs);
    }

    /** A zombie process has no command. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static String group(ProcessHandle process) throws IOException {
        return new Command(List.of("ps", "-o", "pgid=", "-p", Long.toString(process.pid())))
                .run(Freshet.TIMEOUT)
                .output();
    }

    private static void execute(Program program, String sql) throws IOException, SQLException {
        try (var connection = program.database();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Program program, String sql) throws IOException, SQLException {
        try (var connection = program.database();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
