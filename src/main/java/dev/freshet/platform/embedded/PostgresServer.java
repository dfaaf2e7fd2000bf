package dev.freshet.platform.embedded;

import dev.freshet.platform.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL server with its data in the folder {@code postgres} of a data folder. It listens on the loopback address
 * only and requires the folder's password.
 */
final class PostgresServer implements AutoCloseable {

    private static final String NAME = "freshet";
    private static final Duration START_PATIENCE = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int PORTS_TO_TRY = 5;
    private static final Pattern VERSION = Pattern.compile("PostgreSQL\\) (\\d+)");

    private final DataFolder folder;
    private final Path programs;
    private final ServerUser user;
    private final Path data;
    private final int port;

    private PostgresServer(DataFolder folder, Path programs, ServerUser user, Path data, int port) {
        this.folder = folder;
        this.programs = programs;
        this.user = user;
        this.data = data;
        this.port = port;
    }

    /**
     * Starts the server on a free port, with a database named {@code freshet}. Creates the data when absent, and stops
     * an orphaned server of the same data first.
     *
     * @param maxConnections the number of connections that it accepts
     * @throws StartupFailure if it does not start
     */
    static PostgresServer start(DataFolder folder, Binaries binaries, Durability durability, int maxConnections) {
        try {
            Path programs = binaries.postgres().resolve("bin");
            ServerUser user = ServerUser.choose(folder, programs.resolve("postgres"));
            Path data = folder.resolve("postgres");
            stopOrphan(programs, user, data);
            if (Files.isDirectory(data)) {
                requireSameVersion(programs, user, data);
            } else {
                initialise(folder, programs, user, data);
            }
            PostgresServer server = launch(folder, programs, user, data, configuration(durability, maxConnections));
            try {
                server.createDatabaseIfAbsent();
            } catch (SQLException e) {
                server.close();
                throw e;
            }
            return server;
        } catch (IOException | SQLException e) {
            throw new StartupFailure(
                    "The embedded PostgreSQL in " + folder.path() + " doesn't start (" + e.getMessage() + ").",
                    "See postgres/server.log there, or give the URL of another PostgreSQL with FRESHET_POSTGRES_URL.",
                    e);
        }
    }

    private static void stopOrphan(Path programs, ServerUser user, Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        Optional<ProcessHandle> orphan = new ServerProcess("postgres", data.toString(), pidFile).find();
        if (orphan.isPresent()) {
            stop(programs, user, data);
        } else if (otherProcessHasPidOf(pidFile)) {
            // PostgreSQL takes any living process with that id for the server and refuses to start.
            Files.delete(pidFile);
        }
    }

    private static boolean otherProcessHasPidOf(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return false;
        }
        List<String> lines = Files.readAllLines(pidFile);
        try {
            return !lines.isEmpty()
                    && ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                            .isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static void requireSameVersion(Path programs, ServerUser user, Path data) throws IOException {
        String has = Files.readString(data.resolve("PG_VERSION")).strip();
        Matcher version = VERSION.matcher(
                user.command(List.of(programs.resolve("postgres").toString(), "--version"))
                        .run(START_PATIENCE)
                        .output());
        if (version.find() && !version.group(1).equals(has)) {
            throw new StartupFailure(
                    "The data in " + data + " are of PostgreSQL " + has + ", this program has " + version.group(1)
                            + ".",
                    "Move them with pg_dump of the former version, or choose another folder with FRESHET_DATA_DIR.");
        }
    }

    /** Works in a draft folder, so that a crash leaves no incomplete data behind. */
    private static void initialise(DataFolder folder, Path programs, ServerUser user, Path data) throws IOException {
        Path draft = folder.resolve("postgres.new");
        Binaries.deleteRecursively(draft);
        Files.createDirectory(
                draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(draft);
        Path password = folder.resolve("initdb.password");
        try {
            DataFolder.writeSecret(password, folder.password());
            user.own(password);
            Command.Result result = user.command(List.of(
                            programs.resolve("initdb").toString(),
                            "--pgdata=" + draft,
                            "--username=" + NAME,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            // The password is random, so that slow hashing would only slow down each connection.
                            "--set=scram_iterations=1",
                            "--encoding=UTF8",
                            // The same order and case folding on every system, regardless of its locales.
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--locale=C"))
                    .run(START_PATIENCE);
            if (result.failed()) {
                throw new IOException("initdb: " + result.reason());
            }
        } finally {
            Files.deleteIfExists(password);
        }
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static PostgresServer launch(
            DataFolder folder, Path programs, ServerUser user, Path data, String configuration) throws IOException {
        Path log = data.resolve("server.log");
        String reason = "";
        for (int attempt = 0; attempt < PORTS_TO_TRY; attempt++) {
            int port = Ports.free();
            Files.writeString(data.resolve("postgresql.conf"), configuration + "port = " + port + "\n");
            Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            Files.deleteIfExists(log);
            // pg_ctl starts the server in a session of its own, which a Ctrl-C for this program does not reach.
            Command.Result result = user.command(List.of(
                            programs.resolve("pg_ctl").toString(),
                            "start",
                            "-D",
                            data.toString(),
                            "-l",
                            log.toString(),
                            "-w",
                            "-t",
                            "60"))
                    .run(START_PATIENCE);
            if (!result.failed()) {
                return new PostgresServer(folder, programs, user, data, port);
            }
            reason = reason(log, result);
            if (!reason.contains("TCP/IP") && !reason.contains("in use")) {
                break;
            }
        }
        throw new IOException(reason);
    }

    private static String configuration(Durability durability, int maxConnections) {
        return """
                # Written anew at each start; ALTER SYSTEM lasts.
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                password_encryption = 'scram-sha-256'
                max_connections = %d
                shared_buffers = '128MB'
                timezone = 'UTC'
                log_timezone = 'UTC'
                log_checkpoints = off
                fsync = %2$s
                synchronous_commit = %2$s
                full_page_writes = %2$s
                autovacuum = %2$s
                """.formatted(maxConnections, durability.onOff());
    }

    private static String reason(Path log, Command.Result result) throws IOException {
        if (!Files.exists(log)) {
            return result.reason();
        }
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring(Math.max(line.indexOf("FATAL:"), line.indexOf("PANIC:")) + 6)
                            .strip())
                    .orElseGet(result::reason);
        }
    }

    private void createDatabaseIfAbsent() throws SQLException {
        String server = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
        try (Connection connection = DriverManager.getConnection(server, NAME, folder.password());
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + NAME);
        }
    }

    /** Returns the URL of the database, with user and password. */
    String url() {
        return "postgresql://" + NAME + ":" + folder.password() + "@127.0.0.1:" + port + "/" + NAME;
    }

    /** Closes all connections and stops the server after a checkpoint. */
    @Override
    public void close() throws IOException {
        stop(programs, user, data);
    }

    private static void stop(Path programs, ServerUser user, Path data) throws IOException {
        for (String mode : List.of("fast", "immediate")) {
            Command.Result result = user.command(List.of(
                            programs.resolve("pg_ctl").toString(),
                            "stop",
                            "-D",
                            data.toString(),
                            "-m",
                            mode,
                            "-w",
                            "-t",
                            Long.toString(STOP_PATIENCE.toSeconds())))
                    .run(STOP_PATIENCE.plusSeconds(5));
            if (!result.failed() || !Files.exists(data.resolve("postmaster.pid"))) {
                return;
            }
        }
        throw new IOException("PostgreSQL in " + data + " doesn't stop");
    }
}
