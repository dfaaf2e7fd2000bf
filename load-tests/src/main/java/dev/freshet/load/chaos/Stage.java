package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Three instances on one PostgreSQL and one Redis with a replica, and the brokers that they deliver to. Clients reach the
 * instances through one forwarder, each instance reaches the stores through forwarders of its own, and all reach a broker
 * through one, so that every connection can be broken.
 */
final class Stage implements AutoCloseable {

    static final int INSTANCES = 3;

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    // A small ring, so that readers fall out of it; frequent heartbeats, so that readers detect dead connections soon;
    // short attempts, so that deliveries fail during a fault.
    private static final Map<String, String> SETTINGS = Map.of(
            "FRESHET_STREAM_RINGEVENTS", "64",
            "FRESHET_STREAM_HEARTBEAT", "1s",
            "FRESHET_STREAM_CATCHUPEVENTS", "16",
            "FRESHET_STREAM_DRAIN", "1s",
            "FRESHET_TAIL_COPIES", "200",
            "FRESHET_FETCH_ALLOW", "127.0.0.1",
            "FRESHET_SUBSCRIPTIONS_TIMEOUT", "3s",
            "FRESHET_SUBSCRIPTIONS_MAXRETRY", "1s");

    private final Home home;
    private final int port;
    private final StoredLog log;
    private final Server postgres;
    private final Redis redis;
    private final Forwarder clients;
    private final List<Forwarder> toPostgres = new ArrayList<>();
    private final List<Forwarder> toRedis = new ArrayList<>();
    private final Brokers brokers;
    private final List<Server> instances = new ArrayList<>();
    private final List<String> histories = new ArrayList<>();
    private final Map<Integer, Integer> exitCodes = new TreeMap<>();

    /**
     * Starts all servers.
     *
     * @param launch arguments of the JVMs of instances
     * @param launch arguments of the JVMs of instances, which name the jar
     */
    Stage(Home home, int port, List<String> launch, Brokers brokers) throws IOException, InterruptedException {
        this.home = home;
        this.port = port;
        this.brokers = brokers;
        postgres = home.postgres(port + 10);
        redis = new Redis(home, port + 11);
        log = new StoredLog("jdbc:postgresql://127.0.0.1:" + (port + 10) + "/freshet?user=freshet&password="
                + home.password() + "&connectTimeout=3&socketTimeout=30");
        clients = new Forwarder(
                port,
                IntStream.rangeClosed(1, INSTANCES).mapToObj(i -> port + i).toList());
        for (var i = 0; i < INSTANCES; i++) {
            toPostgres.add(new Forwarder(port + 20 + i, List.of(port + 10)));
            toRedis.add(new Forwarder(port + 30 + i, List.of(redis.port())));
            var settings = new HashMap<>(SETTINGS);
            settings.putAll(brokers.settings());
            settings.put(
                    "FRESHET_POSTGRES_URL",
                    "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (port + 20 + i) + "/freshet");
            settings.put("FRESHET_REDIS_URL", "redis://:" + home.password() + "@127.0.0.1:" + (port + 30 + i));
            instances.add(home.freshet("instance-" + (i + 1), port + 1 + i, settings, Home.small("256m"), launch));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
        startPostgres();
        redis.start();
        brokers.start();
        for (var instance : instances) {
            instance.start();
        }
        heal();
        histories.add(log.epoch());
    }

    /** Starts PostgreSQL, regardless of how it ended before. */
    void startPostgres() throws IOException {
        var started = Pause.until(TIMEOUT, () -> {
            try {
                if (!postgres.isAlive()) {
                    postgres.start();
                }
                return !log.epoch().isEmpty();
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

    Brokers brokers() {
        return brokers;
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
                var epoch = log.epoch();
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

    /** Returns the log as PostgreSQL has it. */
    StoredLog log() {
        return log;
    }

    private void killAll() {
        try {
            for (var instance : instances) {
                instance.end("KILL");
            }
            brokers.stop();
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
        brokers.close();
        for (var i = 0; i < INSTANCES; i++) {
            toPostgres.get(i).close();
            toRedis.get(i).close();
        }
    }
}
