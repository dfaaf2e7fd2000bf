package dev.freshet.testing;

import dev.freshet.identity.account.AccountMigrations;
import dev.freshet.platform.embedded.ServersForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The PostgreSQL and the Redis of this test JVM. They start on first use and stop with the JVM. Each caller gets
 * a database of its own in them.
 */
public final class Stores {

    private static final int REDIS_DATABASES = 16;
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final AtomicInteger REDIS = new AtomicInteger();

    private Stores() {}

    /**
     * Creates a database with the current schema and without content, and returns its URL,
     * {@code postgresql://user:password@127.0.0.1:port/name}.
     */
    public static String database() {
        var url = create(" template " + Schema.DATABASE);
        // A history of its own.
        execute(url, "update feed_clock set epoch = (random() * 4294967295)::bigint, at = now()");
        return url;
    }

    /** Creates an empty database, whose first instance creates the schema, and returns its URL. */
    public static String emptyDatabase() {
        return create("");
    }

    private static String create(String options) {
        var name = "test_" + DATABASES.incrementAndGet();
        administer("create database " + name + options);
        return URI.create(Postgres.URL).resolve("/" + name).toString();
    }

    /** Returns the migrations of a database, which has not executed them yet. */
    public static FluentConfiguration migrations(String url) {
        var user = user(url);
        return Flyway.configure().dataSource(jdbc(url), user[0], user[1]).javaMigrations(AccountMigrations.all());
    }

    /** Opens a connection to a database. */
    public static Connection connect(String url) throws SQLException {
        var user = user(url);
        return DriverManager.getConnection(jdbc(url), user[0], user[1]);
    }

    private static String jdbc(String url) {
        var address = URI.create(url);
        return "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath();
    }

    private static String[] user(String url) {
        return URI.create(url).getUserInfo().split(":", 2);
    }

    /** Executes a statement in a database. */
    private static void execute(String url, String sql) {
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Allows or refuses connections to a database. A refusal also ends the open ones. */
    public static void allowConnections(String url, boolean allowed) {
        var database = URI.create(url).getPath().substring(1);
        administer("alter database " + database + " allow_connections " + allowed);
        if (!allowed) {
            administer("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
        }
    }

    /** Makes PostgreSQL log the text of each statement to a database, without the values bound to it. */
    public static void logStatements(String url) {
        var database = URI.create(url).getPath().substring(1);
        administer("alter database " + database + " set log_statement = 'all'");
        administer("alter database " + database + " set log_parameter_max_length = 0");
        // Otherwise the log of a refused statement includes its values.
        administer("alter database " + database + " set log_error_verbosity = 'terse'");
    }

    /** Returns the statements that PostgreSQL has logged so far; see {@link #logStatements}. */
    public static String statements() throws SQLException {
        try (var connection = connect(administration());
                var statement = connection.createStatement();
                var result = statement.executeQuery("select pg_read_file('server.log')")) {
            result.next();
            return result.getString(1);
        }
    }

    private static void administer(String sql) {
        execute(administration(), sql);
    }

    private static String administration() {
        return URI.create(Postgres.URL).resolve("/postgres").toString();
    }

    /**
     * Returns the URL of an unused logical database of the one Redis, {@code redis://:password@127.0.0.1:port/number}.
     * There are 16; a test that restarts or flushes Redis as a whole takes a {@link RedisServerUnderTest}.
     */
    public static String redis() {
        int database = REDIS.getAndIncrement();
        if (database >= REDIS_DATABASES) {
            throw new IllegalStateException("all " + REDIS_DATABASES
                    + " databases of the tests' Redis are taken: share one in a test class, or start a private server");
        }
        return Redis.URL + "/" + database;
    }

    private static ServersForTests servers() {
        try {
            ServersForTests servers = ServersForTests.inTemporaryFolder();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(servers), "stop-test-stores"));
            return servers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServersForTests servers) {
        try {
            servers.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Postgres {
        static final String URL = servers().startPostgres();
    }

    /** A database that no instance uses. Copying it costs less than migrating each database. */
    private static final class Schema {
        static final String DATABASE = migrate();

        private static String migrate() {
            var url = emptyDatabase();
            migrations(url).load().migrate();
            return URI.create(url).getPath().substring(1);
        }
    }

    private static final class Redis {
        static final String URL = start();

        private static String start() {
            try {
                return servers().startRedis(ServersForTests.freePort()).url();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
