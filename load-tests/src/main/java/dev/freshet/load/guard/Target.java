package dev.freshet.load.guard;

import dev.freshet.load.Home;
import dev.freshet.load.Server;
import dev.freshet.load.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The instance under load: a running one, or one that was started with stores and data, for this run or for several that
 * share it.
 */
public final class Target {

    /** Settings of a small machine. */
    static final List<String> FLAGS = List.of(
            "-Xms768m",
            "-Xmx768m",
            // So that the resident memory grows by memory outside the heap only.
            "-XX:+AlwaysPreTouch",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final int BATCH = 1000;
    private static final int SECOND = 3;

    /** The name of the instance's resident memory, in bytes. */
    static final String RESIDENT = "freshet resident memory";

    private final URI address;
    private final String token;
    private final int port;
    private final List<Server> instances;
    private final @Nullable Stores stores;

    /** A target that runs already. */
    private Target(URI address, String token) {
        this.address = address;
        this.token = token;
        this.port = 0;
        this.instances = List.of();
        this.stores = null;
    }

    /** A target that is started here. */
    private Target(String token, int port, List<Server> instances, Stores stores) {
        this.address = URI.create("http://127.0.0.1:" + port);
        this.token = token;
        this.port = port;
        this.instances = instances;
        this.stores = stores;
    }

    /** @param instances the number of instances, where they are started here: one or two */
    static Target of(Settings settings, int instances) throws IOException, InterruptedException, SQLException {
        if (settings.held() != null) {
            return held(settings, Held.read(settings.held()), instances);
        }
        return settings.start() ? started(settings, instances) : new Target(settings.target(), settings.token());
    }

    private static Target started(Settings settings, int count) throws IOException, InterruptedException, SQLException {
        var port = settings.port();
        var home = home(settings);
        var isNew = home.token().isEmpty();
        if (isNew) {
            prepare(home, port, settings.articles());
        }
        var stores = new Stores(home, port + 1, port + 2);
        var instances = new ArrayList<>(List.of(instance("freshet", home, port, 0, settings)));
        if (count > 1) {
            instances.add(instance("second", home, port, SECOND, settings));
        }
        var target = new Target(home.token(), port, instances, stores);
        stores.start();
        if (isNew) {
            stores.store(settings.articles());
        } else if (!stores.restore(settings.articles())) {
            var first = instances.getFirst();
            first.start();
            Home.awaitHealth(first, port);
            target.fill(settings.articles());
            first.end("TERM");
            stores.store(settings.articles());
        }
        for (var i = 0; i < count; i++) {
            instances.get(i).start();
            Home.awaitHealth(instances.get(i), port + i * SECOND);
        }
        return target;
    }

    /** Returns a target whose first instance and stores run already. Starts a second one on the same stores. */
    private static Target held(Settings settings, Held held, int count) throws IOException {
        var port = held.port();
        var home = home(settings);
        var stores = new Stores(
                home,
                port + 1,
                port + 2,
                Server.running("postgres", held.postgres(), home.folder()),
                Server.running("redis", held.redis(), home.folder()));
        var instances = new ArrayList<>(List.of(Server.running("freshet", held.freshet(), home.folder())));
        if (count > 1) {
            var second = instance("second", home, port, SECOND, settings);
            second.start();
            Home.awaitHealth(second, port + SECOND);
            instances.add(second);
        }
        return new Target(home.token(), port, instances, stores);
    }

    /** Returns what other programs need to know to use this target, which was started here. */
    Held hold(int articles) {
        var running = Objects.requireNonNull(stores);
        return new Held(port, articles, instances.getFirst().pid(), running.postgresPid(), running.redisPid());
    }

    private static Home home(Settings settings) throws IOException {
        return Home.of(
                settings.root().resolve("load-tests/target/guard/home"),
                settings.root().resolve("target/freshet.jar"));
    }

    /**
     * Creates an instance that ends with this program.
     *
     * @param port the first port of the target
     * @param offset of its own port
     */
    private static Server instance(String name, Home home, int port, int offset, Settings settings) throws IOException {
        var environment = Map.of(
                "FRESHET_POSTGRES_URL",
                "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (port + 1) + "/freshet",
                "FRESHET_REDIS_URL",
                "redis://:" + home.password() + "@127.0.0.1:" + (port + 2),
                // More than the pages of all feeds that the simulations read.
                "FRESHET_PAGES_MEMORY",
                "512MB",
                "FRESHET_STREAM_MAXPERADDRESS",
                "100000");
        var launch = settings.plant().isInServer()
                ? PlantedServer.arguments(
                        home.folder().resolve("planted"),
                        home.jar(),
                        settings.plant().name(),
                        Long.getLong("cost", 0))
                : List.of("-jar", home.jar().toString());
        var instance = home.freshet(name, port + offset, environment, FLAGS, launch);
        instance.endWithThisProgram("KILL");
        return instance;
    }

    /** Starts Freshet once, until its folder is complete and has the articles. */
    private static void prepare(Home home, int port, int articles) throws IOException, InterruptedException {
        var first = home.embedding(port, Map.of(Home.HEAP, "768m"));
        first.endWithThisProgram("TERM");
        first.start();
        try {
            home.awaitFirst(first, port);
            new Target(URI.create("http://127.0.0.1:" + port), home.token()).fill(articles);
        } finally {
            first.end("TERM");
        }
    }

    private void fill(int articles) throws IOException, InterruptedException {
        System.out.println("Creating a data set of " + articles + " articles");
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
    }

    /**
     * Stops the second instance as a deployment does, and starts it again. Returns false if only one was started.
     *
     * @throws IOException if it does not stop or start in time
     */
    boolean restartSecond() throws IOException, InterruptedException {
        if (instances.size() < 2) {
            return false;
        }
        var second = instances.get(1);
        second.end("TERM");
        second.start();
        Home.awaitHealth(second, port + SECOND);
        return true;
    }

    /** Returns the addresses of all instances. */
    List<URI> addresses() {
        return instances.size() < 2
                ? List.of(address)
                : List.of(address, URI.create("http://127.0.0.1:" + (port + SECOND)));
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

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).header("Authorization", "Bearer " + token);
    }

    /** Reads the counters of the stores and the memory of the instance, where they were started here or are shared. */
    Map<String, Double> counters() {
        if (stores == null) {
            return Map.of();
        }
        var figures = stores.counters();
        try {
            figures.put(RESIDENT, (double)
                    Usage.residentBytes(List.of(instances.getFirst().pid())));
        } catch (IOException e) {
            System.err.println("The memory of the instance is unavailable: " + e.getMessage());
        }
        return figures;
    }

    /** Returns the processes that were started here, or are shared with other runs. */
    List<Long> processes() {
        return Stream.concat(
                        instances.stream().map(Server::pid), stores == null ? Stream.of() : stores.processes().stream())
                .toList();
    }

    void stop() throws IOException, InterruptedException {
        // The requests end with the server.
        for (var server : instances) {
            server.end("TERM");
        }
        if (stores != null) {
            stores.stop();
        }
    }
}
