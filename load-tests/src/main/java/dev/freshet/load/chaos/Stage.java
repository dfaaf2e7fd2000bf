package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import dev.freshet.load.chaos.LogRow.Facets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three instances on one PostgreSQL and one Redis with a replica. Clients reach the instances through one forwarder,
 * and each instance reaches the stores through forwarders of its own, so that every connection can be broken.
 */
final class Stage implements AutoCloseable {

    static final int INSTANCES = 3;

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private final Home home;
    private final int port;
    private final String database;
    private final Server postgres;
    private final Redis redis;
    private final Forwarder clients;
    private final List<Forwarder> toPostgres = new ArrayList<>();
    private final List<Forwarder> toRedis = new ArrayList<>();
    private final List<Server> instances = new ArrayList<>();
    private final List<String> histories = new ArrayList<>();
    private final Map<Integer, Integer> exitCodes = new TreeMap<>();

    /** Starts all servers. */
    Stage(Home home, int port) throws IOException, InterruptedException {
        this.home = home;
        this.port = port;
        postgres = home.postgres(port + 10);
        redis = new Redis(home, port + 11);
        database = "jdbc:postgresql://127.0.0.1:" + (port + 10) + "/freshet?user=freshet&password=" + home.password()
                + "&connectTimeout=3&socketTimeout=30";
        clients = new Forwarder(
                port,
                IntStream.rangeClosed(1, INSTANCES).mapToObj(i -> port + i).toList());
        for (var i = 0; i < INSTANCES; i++) {
            toPostgres.add(new Forwarder(port + 20 + i, List.of(port + 10)));
            toRedis.add(new Forwarder(port + 30 + i, List.of(redis.port())));
            instances.add(home.freshet(
                    "instance-" + (i + 1),
                    port + 1 + i,
                    Map.of(
                            "FRESHET_POSTGRES_URL",
                            "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (port + 20 + i) + "/freshet",
                            "FRESHET_REDIS_URL",
                            "redis://:" + home.password() + "@127.0.0.1:" + (port + 30 + i),
                            // A small ring, so that readers fall out of it; frequent heartbeats, so that readers detect
                            // dead connections soon.
                            "FRESHET_STREAM_RINGEVENTS",
                            "64",
                            "FRESHET_STREAM_HEARTBEAT",
                            "1s",
                            "FRESHET_STREAM_CATCHUPEVENTS",
                            "16",
                            "FRESHET_STREAM_DRAIN",
                            "1s",
                            "FRESHET_TAIL_COPIES",
                            "200",
                            "FRESHET_FETCH_ALLOW",
                            "127.0.0.1",
                            "FRESHET_SUBSCRIPTIONS_MAXRETRY",
                            "1s")));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
        startPostgres();
        redis.start();
        for (var instance : instances) {
            instance.start();
        }
        heal();
        histories.add(epoch());
    }

    /** Starts PostgreSQL, regardless of how it ended before. */
    void startPostgres() throws IOException {
        var started = Pause.until(TIMEOUT, () -> {
            try {
                if (!postgres.isAlive()) {
                    postgres.start();
                }
                return !epoch().isEmpty();
            } catch (IOException e) {
                return false;
            }
        });
        if (!started) {
            throw new IOException("PostgreSQL does not start; see " + postgres.log());
        }
    }

    String token() {
        return home.token();
    }

    Server postgres() {
        return postgres;
    }

    Redis redis() {
        return redis;
    }

    Forwarder clients() {
        return clients;
    }

    Forwarder toPostgres(int instance) {
        return toPostgres.get(instance);
    }

    Forwarder toRedis(int instance) {
        return toRedis.get(instance);
    }

    /** Connects all instances to the present primary of Redis. */
    void leadToPrimary() {
        for (var link : toRedis) {
            link.retarget(List.of(redis.port()));
            link.cut(index -> true);
        }
    }

    Server instance(int which) {
        return instances.get(which);
    }

    synchronized void note(int exitCode) {
        exitCodes.merge(exitCode, 1, Integer::sum);
    }

    /** Returns the exit codes of the instances that were stopped, with their counts. */
    synchronized Map<Integer, Integer> exitCodes() {
        return Map.copyOf(exitCodes);
    }

    /**
     * Waits until an instance is healthy. Starts it again if it failed to start because its stores were unavailable.
     */
    void heal(int which) throws IOException {
        var instance = instances.get(which);
        var well = Pause.until(TIMEOUT, () -> {
            try {
                if (!instance.isAlive()) {
                    instance.start();
                }
                return Home.isHealthy(port + 1 + which);
            } catch (IOException e) {
                return false;
            }
        });
        if (!well) {
            throw new IOException(instance + " does not recover; see " + instance.log());
        }
    }

    /** Waits until all instances are healthy. */
    void heal() throws IOException {
        for (var i = 0; i < INSTANCES; i++) {
            heal(i);
        }
    }

    /** Starts a new epoch of the log, as an operator does after a restore. */
    void startHistory() throws IOException {
        var known = histories().getLast();
        var started = Pause.until(TIMEOUT, () -> {
            try {
                var epoch = epoch();
                if (epoch.equals(known)) {
                    askForHistory();
                    return false;
                }
                synchronized (this) {
                    histories.add(epoch);
                }
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        if (!started) {
            throw new IOException("No instance starts a new epoch");
        }
    }

    private void askForHistory() throws IOException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/feedlog"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + home.token())
                .POST(BodyPublishers.noBody())
                .build();
        try {
            Home.HTTP.send(request, BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the epochs of the log, oldest first. */
    synchronized List<String> histories() {
        return List.copyOf(histories);
    }

    private String epoch() throws IOException {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select epoch from feed_clock")) {
            rows.next();
            return Long.toHexString(rows.getLong(1));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Moves the cursor of a subscription, as a program with a fault would before a delivery is confirmed. */
    void moveCursor(String subscription, Position position) throws IOException {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.prepareStatement("update subscription set seq = ? where name = ?")) {
            statement.setLong(1, position.seq());
            statement.setString(2, subscription);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Reads the feed log from its beginning. */
    List<LogRow> log() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select seq, type, article_id, tags, author, was_tags, was_author "
                        + "from feed_log order by seq")) {
            var log = new ArrayList<LogRow>();
            while (rows.next()) {
                log.add(new LogRow(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        new Facets(tags(rows.getArray(4)), rows.getString(5)),
                        rows.getString(7) == null ? null : new Facets(tags(rows.getArray(6)), rows.getString(7))));
            }
            return log;
        }
    }

    private static List<String> tags(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    private void killAll() {
        try {
            for (var instance : instances) {
                instance.end("KILL");
            }
            redis.stop();
            postgres.end("QUIT");
        } catch (IOException e) {
            System.err.println(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        killAll();
        clients.close();
        for (var i = 0; i < INSTANCES; i++) {
            toPostgres.get(i).close();
            toRedis.get(i).close();
        }
    }
}
