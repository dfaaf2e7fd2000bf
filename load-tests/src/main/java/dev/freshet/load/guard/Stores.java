package dev.freshet.load.guard;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL and the Redis of a target that is started here. */
final class Stores {

    private final Home home;
    private final int postgresPort;
    private final int redisPort;
    private final Server postgres;
    private final Server redis;
    private @Nullable Connection asking;

    Stores(Home home, int postgresPort, int redisPort) throws IOException {
        this(home, postgresPort, redisPort, home.postgres(postgresPort), home.redis("redis", redisPort));
    }

    /** @param postgres may run already, as may the Redis */
    Stores(Home home, int postgresPort, int redisPort, Server postgres, Server redis) {
        this.home = home;
        this.postgresPort = postgresPort;
        this.redisPort = redisPort;
        this.postgres = postgres;
        this.redis = redis;
    }

    void start() throws IOException {
        redis.endWithThisProgram("KILL");
        postgres.endWithThisProgram("INT");
        postgres.start();
        redis.start();
    }

    long postgresPid() {
        return postgres.pid();
    }

    long redisPid() {
        return redis.pid();
    }

    /** Returns the processes of both, with those that PostgreSQL started. */
    List<Long> processes() {
        return Stream.of(postgres, redis)
                .map(Server::pid)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(ProcessHandle::pid)
                .toList();
    }

    void stop() throws IOException, InterruptedException {
        redis.end("TERM");
        postgres.end("INT");
    }

    /**
     * Replaces the database by a copy of one that was filled before, so that each run begins with the same data.
     *
     * @return whether there was one; otherwise the database must be filled, and stored
     */
    boolean restore(int articles) throws SQLException, IOException {
        try (var connection = connect("postgres");
                var sql = connection.createStatement()) {
            var exists = sql.executeQuery("select from pg_database where datname = '" + filled(articles) + "'")
                    .next();
            if (exists) {
                sql.execute("drop database if exists freshet");
                sql.execute("create database freshet template " + filled(articles));
            }
            return exists;
        }
    }

    /** Stores a filled database for later runs. */
    void store(int articles) throws SQLException, IOException {
        try (var connection = connect("freshet");
                var sql = connection.createStatement()) {
            sql.execute("vacuum analyze");
        }
        try (var connection = connect("postgres");
                var sql = connection.createStatement()) {
            sql.execute("alter database freshet rename to " + filled(articles));
        }
        restore(articles);
    }

    private static String filled(int articles) {
        return "articles_" + articles;
    }

    private Connection connect(String database) throws SQLException, IOException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {postgresPort});
        source.setDatabaseName(database);
        for (var attempt = 0; ; attempt++) {
            try {
                return source.getConnection("freshet", home.password());
            } catch (SQLException e) {
                // The instance has just started.
                if (attempt == 100) {
                    throw e;
                }
                Pause.of(Duration.ofMillis(100));
            }
        }
    }

    /** Reads the counters of both. */
    Map<String, Double> counters() {
        var figures = new LinkedHashMap<String, Double>();
        try (var sql = asked().createStatement();
                var row = sql.executeQuery(
                        "select xact_commit, tup_fetched, blks_hit, blks_read, numbackends from pg_stat_database"
                                + " where datname = 'freshet'")) {
            while (row.next()) {
                figures.put("postgres commits", row.getDouble(1));
                figures.put("postgres rows fetched", row.getDouble(2));
                figures.put("postgres blocks hit", row.getDouble(3));
                figures.put("postgres blocks read", row.getDouble(4));
                figures.put("postgres connections", row.getDouble(5));
            }
            redis(figures);
        } catch (SQLException | IOException e) {
            System.err.println("The stores' counters are unavailable: " + e.getMessage());
        }
        return figures;
    }

    // Kept open: a new connection each second would be a load of its own.
    private Connection asked() throws SQLException, IOException {
        var open = asking;
        if (open == null || open.isClosed()) {
            open = connect("postgres");
            asking = open;
        }
        return open;
    }

    private void redis(Map<String, Double> figures) throws IOException {
        try (var socket = new Socket("127.0.0.1", redisPort)) {
            socket.setSoTimeout(2000);
            var ask = "AUTH " + home.password() + "\r\nINFO\r\nQUIT\r\n";
            socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(":", 2))
                    .filter(pair -> pair.length == 2)
                    .forEach(pair -> {
                        switch (pair[0]) {
                            case "total_commands_processed" -> figures.put("redis commands", number(pair[1]));
                            case "used_memory" -> figures.put("redis memory", number(pair[1]));
                            default -> {}
                        }
                    });
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text.strip());
    }
}
