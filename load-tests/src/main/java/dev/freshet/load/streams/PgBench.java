package dev.freshet.load.streams;

import dev.freshet.load.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL's own load program with the statement of a publish, on a database of its own in Freshet's server. It shows the
 * possible rate without anything between the client and the store, each article in its own transaction.
 *
 * <p>The statement is recorded while Freshet publishes an article, so it is always the same, with the same values.
 */
final class PgBench {

    private static final String DATABASE = "pgbench";
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    // As in the log: a quote within a value is doubled.
    private static final Pattern STATEMENT = Pattern.compile("execute [^:]*: (with item .*)\n.*: {2}[Pp]arameters: "
            + "\\$1 = '([^']*+(?:''[^']*+)*+)', \\$2 = '([^']*+(?:''[^']*+)*+)'");
    private static final Pattern ID = Pattern.compile("\"id\": \"([0-9a-f-]{36})\"");
    private static final Pattern OWNER = Pattern.compile("\"owner\": \"([0-9a-f-]{36})\"");
    private static final int ATTEMPTS = 50;
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
    }

    /** Publishes an article of Freshet. */
    interface Publish {

        void run() throws IOException, InterruptedException;
    }

    /** Records the statement of a publish from the log of PostgreSQL. */
    void record(Publish publish) throws IOException, InterruptedException {
        try {
            execute("freshet", List.of("alter system set log_statement = 'all'", "select pg_reload_conf()"));
            var recorded = Optional.<MatchResult>empty();
            // A connection reads the setting before its next statement, a moment later.
            for (var attempt = 0; attempt < ATTEMPTS && recorded.isEmpty(); attempt++) {
                publish.run();
                TimeUnit.MILLISECONDS.sleep(100);
                recorded = STATEMENT
                        .matcher(Files.readString(home.folder().resolve("postgres.log")))
                        .results()
                        .reduce((first, last) -> last);
            }
            var found =
                    recorded.orElseThrow(() -> new IOException("PostgreSQL's log lacks the statement of a publish"));
            Files.writeString(script(), script(found.group(1), found.group(2), found.group(3)));
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            stopRecording();
        }
    }

    private void stopRecording() throws IOException {
        try {
            execute("freshet", List.of("alter system reset log_statement", "select pg_reload_conf()"));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private String script(String statement, String rows, String entries) throws SQLException, IOException {
        var id = group(ID, rows);
        execute(
                DATABASE,
                List.of("insert into account (id, name) values ('" + group(OWNER, rows)
                        + "', 'editor') on conflict (id) do nothing"));
        return "with new_article as materialized (select cast(uuidv7() as text) as id), "
                + statement
                        .substring("with ".length())
                        .replace("$1", withNewId(rows, id))
                        .replace("$2", withNewId(entries, id))
                + ";\n";
    }

    /** Returns an expression of a recorded value. In hexadecimal, it has no colons, which pgbench takes for variables. */
    private static String withNewId(String value, String id) {
        var bytes = value.replace("''", "'").getBytes(StandardCharsets.UTF_8);
        return "replace(convert_from(decode('" + HexFormat.of().formatHex(bytes) + "', 'hex'), 'UTF8'), '" + id
                + "', (select id from new_article))";
    }

    private static String group(Pattern pattern, String text) throws IOException {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException("The statement of a publish has no " + pattern);
        }
        return found.group(1);
    }

    private Path script() {
        return home.folder().resolve("publish.sql");
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
        var log = home.folder().resolve("pgbench.log");
        var command = new ProcessBuilder(
                        program().orElseThrow().toString(),
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--username=freshet",
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--file=" + script(),
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
