package dev.freshet.load.pages;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.guard.DataSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL of Freshet, from which its peers read the same articles. */
final class Database {

    /** The number of connections per peer, the default of Freshet. */
    static final int CONNECTIONS = 16;

    private static final String EMPTY = "articles_0";
    private static final int BATCH = 1000;
    private static final int KEYS = 10_000;
    // A page of twenty, one more, and some room.
    private static final int OLDEST = 100;

    private final Home home;
    private final FreshetServers servers;

    Database(Home home, FreshetServers servers) {
        this.home = home;
        this.servers = servers;
    }

    /** Starts the instances. Each run begins with the same data: a copy of a database that was filled once. */
    void restore(int articles) throws IOException, InterruptedException, SQLException {
        if (!exists(EMPTY)) {
            execute("postgres", "alter database freshet rename to " + EMPTY);
        }
        var filled = "articles_" + articles;
        if (!exists(filled)) {
            copy(EMPTY);
            servers.startInstances();
            fill(articles);
            servers.stopInstances();
            execute("freshet", "vacuum analyze");
            execute("postgres", "alter database freshet rename to " + filled);
        }
        copy(filled);
        servers.startInstances();
    }

    private boolean exists(String database) throws SQLException, IOException {
        try (var connection = connect("postgres");
                var sql = connection.prepareStatement("select from pg_database where datname = ?")) {
            sql.setString(1, database);
            return sql.executeQuery().next();
        }
    }

    private void copy(String template) throws SQLException, IOException {
        execute(
                "postgres",
                "drop database if exists freshet",
                "create database freshet template " + template + " strategy file_copy");
    }

    private void fill(int articles) throws IOException, InterruptedException {
        System.out.println("Creating a data set of " + articles + " articles");
        var data = new DataSet();
        for (var from = 0; from < articles; from += BATCH) {
            var lines = IntStream.range(from, Math.min(articles, from + BATCH))
                    .mapToObj(number -> data.line(number, articles))
                    .collect(Collectors.joining());
            var answer = Home.HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + servers.port() + "/api/v1/imports"))
                            .header("Authorization", "Bearer " + servers.token())
                            .header("Content-Type", "application/x-ndjson")
                            .timeout(Duration.ofMinutes(1))
                            .POST(HttpRequest.BodyPublishers.ofString(lines))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("An import got " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    /** Returns the page keys of full pages, at articles from all over the feed, in no order. */
    PageKeys keys() throws SQLException, IOException {
        try (var connection = connect("freshet");
                var sql = connection.prepareStatement("""
                        select (extract(epoch from published_at) * 1000000)::bigint, id from (
                            select published_at, id from article where status = 'published'
                            order by published_at, id offset ?) a
                        order by md5(id::text) limit ?""")) {
            sql.setInt(1, OLDEST);
            sql.setInt(2, KEYS);
            var keys = new ArrayList<PageKey>();
            try (var rows = sql.executeQuery()) {
                while (rows.next()) {
                    keys.add(new PageKey(rows.getLong(1), rows.getObject(2, UUID.class), 0));
                }
            }
            return new PageKeys(keys);
        }
    }

    List<String> column(String statement) throws SQLException, IOException {
        try (var connection = connect("freshet");
                var sql = connection.createStatement();
                var rows = sql.executeQuery(statement)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    void execute(String database, String... statements) throws SQLException, IOException {
        try (var connection = connect(database);
                var sql = connection.createStatement()) {
            for (var statement : statements) {
                sql.execute(statement);
            }
        }
    }

    Connection connect(String database) throws SQLException, IOException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {servers.postgresPort()});
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
}
