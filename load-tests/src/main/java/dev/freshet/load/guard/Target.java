package dev.freshet.load.guard;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The instance under load: a running one, or one that is started here with stores and data. */
public final class Target {

    /** Settings of a small machine. */
    static final List<String> FLAGS = List.of(
            "-Xmx768m",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final int PORT = 22000;
    private static final int BATCH = 1000;

    private final URI address;
    private final String token;
    private final @Nullable Home home;
    private final List<Server> servers;
    private @Nullable Connection asking;

    private Target(URI address, String token, @Nullable Home home, List<Server> servers) {
        this.address = address;
        this.token = token;
        this.home = home;
        this.servers = servers;
    }

    static Target of(Settings settings) throws IOException, InterruptedException, SQLException {
        return settings.start() ? started(settings) : new Target(settings.target(), settings.token(), null, List.of());
    }

    private static Target started(Settings settings) throws IOException, InterruptedException, SQLException {
        var home = Home.of(
                settings.root().resolve("load-tests/target/guard/home"),
                settings.root().resolve("target/freshet.jar"));
        if (home.token().isEmpty()) {
            home.prepare(PORT);
        }
        var postgres = home.postgres(PORT + 1);
        var redis = home.redis("redis", PORT + 2);
        var freshet = home.freshet(
                "freshet",
                PORT,
                Map.of(
                        "FRESHET_POSTGRES_URL",
                                "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (PORT + 1) + "/freshet",
                        "FRESHET_REDIS_URL", "redis://:" + home.password() + "@127.0.0.1:" + (PORT + 2),
                        "FRESHET_STREAM_MAXPERADDRESS", "100000"),
                FLAGS);
        var target = new Target(
                URI.create("http://127.0.0.1:" + PORT), home.token(), home, List.of(freshet, redis, postgres));
        freshet.endWithThisProgram("KILL");
        redis.endWithThisProgram("KILL");
        postgres.endWithThisProgram("INT");
        postgres.start();
        redis.start();
        target.restore(freshet, settings.articles());
        freshet.start();
        Home.awaitHealth(freshet, PORT);
        return target;
    }

    /** Each run begins with the same data: a copy of a database that was filled once. */
    private void restore(Server freshet, int articles) throws IOException, InterruptedException, SQLException {
        var filled = "articles_" + articles;
        try (var connection = connect("postgres");
                var sql = connection.createStatement()) {
            if (sql.executeQuery("select from pg_database where datname = '" + filled + "'")
                    .next()) {
                sql.execute("drop database freshet");
            } else {
                fill(freshet, articles);
                sql.execute("alter database freshet rename to " + filled);
            }
            sql.execute("create database freshet template " + filled);
        }
    }

    private void fill(Server freshet, int articles) throws IOException, InterruptedException, SQLException {
        System.out.println("Creating a data set of " + articles + " articles");
        freshet.start();
        Home.awaitHealth(freshet, PORT);
        var data = new DataSet();
        for (var from = 0; from < articles; from += BATCH) {
            var lines = IntStream.range(from, Math.min(articles, from + BATCH))
                    .mapToObj(number -> data.line(number, articles))
                    .collect(Collectors.joining());
            var answer = Home.HTTP.send(
                    request("/api/v1/imports")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(HttpRequest.BodyPublishers.ofString(lines))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("An import got " + answer.statusCode() + " " + answer.body());
            }
        }
        freshet.end("TERM");
        try (var connection = connect("freshet");
                var sql = connection.createStatement()) {
            sql.execute("vacuum analyze");
        }
    }

    private Connection connect(String database) throws SQLException, IOException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {PORT + 1});
        source.setDatabaseName(database);
        for (var attempt = 0; ; attempt++) {
            try {
                return source.getConnection("freshet", started().password());
            } catch (SQLException e) {
                // The instance has just started.
                if (attempt == 100) {
                    throw e;
                }
                Pause.of(Duration.ofMillis(100));
            }
        }
    }

    private Home started() {
        if (home == null) {
            throw new IllegalStateException("This target was not started here");
        }
        return home;
    }

    public URI address() {
        return address;
    }

    public String token() {
        return token;
    }

    /** Returns whether the instance still answers its health check. */
    boolean answers() {
        try {
            return Home.HTTP
                            .send(
                                    request("/actuator/health")
                                            .timeout(Duration.ofSeconds(10))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    < 500;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isStartedHere() {
        return home != null;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).header("Authorization", "Bearer " + token);
    }

    /** Reads the counters of PostgreSQL and Redis, where they were started here. */
    Map<String, Double> stores() {
        var figures = new LinkedHashMap<String, Double>();
        if (home != null) {
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
        try (var socket = new Socket("127.0.0.1", PORT + 2)) {
            socket.setSoTimeout(2000);
            var ask = "AUTH " + started().password() + "\r\nINFO\r\nQUIT\r\n";
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

    void stop() throws IOException, InterruptedException {
        // The requests end with the server.
        for (var server : servers) {
            server.end(server.toString().equals("postgres") ? "INT" : "TERM");
        }
    }
}
