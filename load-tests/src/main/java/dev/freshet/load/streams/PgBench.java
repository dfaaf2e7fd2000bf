package dev.freshet.load.streams;

import dev.freshet.load.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL's own load program with the statements of a publish, on a database of its own in Freshet's server. It
 * shows the possible rate without anything between the client and the store, each article in its own transaction.
 */
final class PgBench {

    private static final String DATABASE = "pgbench";
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final Pattern MIGRATION = Pattern.compile(".*/db/migration/V(\\d+)__.*\\.sql");

    private final Home home;
    private final int port;

    /** @param port of the PostgreSQL that Freshet uses */
    PgBench(Home home, int port) {
        this.home = home;
        this.port = port;
    }

    /** The program, part of Debian's {@code postgresql-contrib}. */
    static Optional<Path> program() {
        try (var versions = Files.newDirectoryStream(Path.of("/usr/lib/postgresql"), "*")) {
            for (var version : versions) {
                var program = version.resolve("bin/pgbench");
                if (Files.isExecutable(program)) {
                    return Optional.of(program);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Creates the database as Freshet's migrations do. */
    void prepare() throws SQLException, IOException {
        execute("freshet", List.of("drop database if exists " + DATABASE, "create database " + DATABASE));
        var migrations = new TreeMap<Integer, String>();
        try (var jar = new JarFile(home.jar().toFile())) {
            for (var entry : jar.stream().toList()) {
                var migration = MIGRATION.matcher(entry.getName());
                if (!migration.matches()) {
                    continue;
                }
                try (var sql = jar.getInputStream(entry)) {
                    migrations.put(
                            Integer.valueOf(migration.group(1)),
                            new String(sql.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        execute(DATABASE, List.copyOf(migrations.values()));
        execute(
                DATABASE,
                List.of(
                        "insert into account (id, name) values ('00000000-0000-7000-8000-000000000000', 'editor')",
                        "insert into author (name) values ('Ann Author')",
                        "insert into source (name) values ('editor')"));
    }

    private void execute(String database, List<String> statements) throws SQLException, IOException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        try (var connection = source.getConnection("freshet", home.password());
                var statement = connection.createStatement()) {
            for (var each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Returns the articles per second of a number of clients. */
    double publish(int clients, Duration time) throws IOException, InterruptedException {
        var script = home.folder().resolve("publish.sql");
        try (var sql = Objects.requireNonNull(PgBench.class.getResourceAsStream("publish.sql"))) {
            Files.write(script, sql.readAllBytes());
        }
        var log = home.folder().resolve("pgbench.log");
        var command = new ProcessBuilder(
                        program().orElseThrow().toString(),
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--username=freshet",
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--file=" + script,
                        "--client=" + clients,
                        "--time=" + time.toSeconds(),
                        DATABASE)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        command.environment().putAll(Map.of("PGPASSWORD", home.password()));
        var running = command.start();
        if (!running.waitFor(time.toSeconds() + 60, TimeUnit.SECONDS) || running.exitValue() != 0) {
            running.destroyForcibly();
            throw new IOException("pgbench failed; see " + log);
        }
        var rate = RATE.matcher(Files.readString(log));
        if (!rate.find()) {
            throw new IOException("pgbench reports no rate; see " + log);
        }
        return Double.parseDouble(rate.group(1));
    }
}
