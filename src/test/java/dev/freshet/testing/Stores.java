package dev.freshet.testing;

import dev.freshet.platform.embedded.ServersForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The PostgreSQL and the Redis of this test JVM. They start on first use and stop with the JVM. Each caller gets
 * a database of its own in them, empty.
 */
public final class Stores {

    private static final int REDIS_DATABASES = 16;
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final AtomicInteger REDIS = new AtomicInteger();

    private Stores() {}

    /** Creates an empty database and returns its URL, {@code postgresql://user:password@127.0.0.1:port/name}. */
    public static String database() {
        String name = "test_" + DATABASES.incrementAndGet();
        URI server = URI.create(Postgres.URL);
        String[] user = server.getUserInfo().split(":", 2);
        String jdbc = "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + "/postgres";
        try (Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.resolve("/" + name).toString();
    }

    /** Allows or refuses connections to a database. A refusal also ends the open ones. */
    public static void allowConnections(String url, boolean allowed) throws SQLException {
        URI address = URI.create(url);
        String[] user = address.getUserInfo().split(":", 2);
        String database = address.getPath().substring(1);
        String jdbc = "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + "/postgres";
        try (Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                Statement statement = connection.createStatement()) {
            statement.execute("alter database " + database + " allow_connections " + allowed);
            if (!allowed) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
            }
        }
    }

    /** Makes PostgreSQL log the text of each statement to a database, without the values bound to it. */
    public static void logStatements(String url) throws SQLException {
        var database = URI.create(url).getPath().substring(1);
        administer("alter database " + database + " set log_statement = 'all'");
        administer("alter database " + database + " set log_parameter_max_length = 0");
        // Otherwise the log of a refused statement includes its values.
        administer("alter database " + database + " set log_error_verbosity = 'terse'");
    }

    /** Returns the statements that PostgreSQL has logged so far; see {@link #logStatements}. */
    public static String statements() throws SQLException {
        try (var connection = administration();
                var statement = connection.createStatement();
                var result = statement.executeQuery("select pg_read_file('server.log')")) {
            result.next();
            return result.getString(1);
        }
    }

    private static void administer(String sql) throws SQLException {
        try (var connection = administration();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection administration() throws SQLException {
        var server = URI.create(Postgres.URL);
        var user = server.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + "/postgres", user[0], user[1]);
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
