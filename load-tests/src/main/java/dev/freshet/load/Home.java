package dev.freshet.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder with everything that Freshet and its stores need. A first start of Freshet, with embedded stores, leaves it
 * behind: the programs of PostgreSQL and Redis, a database, a password and a token. So nothing has to be installed.
 *
 * @param folder where all data and logs are
 * @param jar Freshet
 */
public record Home(Path folder, Path jar) {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Names the setting of an instance that is the size of its heap. */
    public static final String HEAP = "HEAP";

    /** For what the programs do beside what they test. */
    public static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    /** A folder with nothing in it yet. */
    public static Home of(Path folder, Path jar) throws IOException {
        if (!Files.exists(jar)) {
            throw new IOException("There is no " + jar + ": make it with mvn package");
        }
        Files.createDirectories(folder);
        return new Home(folder, jar);
    }

    /** Starts Freshet once, until the folder is complete. */
    public void prepare(int port) throws IOException, InterruptedException {
        var first = embedding(port, Map.of());
        first.start();
        try {
            awaitFirst(first, port);
        } finally {
            first.end("TERM");
        }
    }

    /** A Freshet that brings its own stores. */
    public Server embedding(int port, Map<String, String> settings) {
        var environment = new HashMap<>(settings);
        environment.put("FRESHET_DATA_DIR", data());
        return freshet("first", port, environment);
    }

    /** Waits until the first Freshet of this folder is well and has made a token. */
    public void awaitFirst(Server first, int port) throws IOException {
        awaitHealth(first, port);
        // Written soon after.
        if (!Pause.until(PATIENCE, () -> !token().isEmpty())) {
            throw new IOException("There is no token; see " + first.log());
        }
    }

    /** A Freshet that is not started yet. Small, and quick to start rather than fast. */
    public Server freshet(String name, int port, Map<String, String> settings) {
        var environment = new HashMap<>(settings);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("FRESHET_SAMPLES", "false");
        environment.putIfAbsent("FRESHET_DATA_DIR", folder.resolve(name).toString());
        var command = new ArrayList<>(List.of(
                java(),
                "-Xmx" + settings.getOrDefault(HEAP, "256m"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of("-jar", jar.toString()));
        return new Server(name, command, environment, folder.resolve(name + ".log"));
    }

    /** A Freshet that is not started yet, at its full speed. */
    public Server freshet(String name, int port, Map<String, String> settings, List<String> flags) {
        var environment = new HashMap<>(settings);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("FRESHET_SAMPLES", "false");
        environment.put("FRESHET_DATA_DIR", folder.resolve(name).toString());
        var command = new ArrayList<>(List.of(java()));
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString()));
        return new Server(name, command, environment, folder.resolve(name + ".log"));
    }

    /** The program that runs this one. */
    public static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** Waits until a Freshet that was started is well. */
    public static void awaitHealth(Server server, int port) throws IOException {
        if (!Pause.until(PATIENCE, () -> !server.isAlive() || isHealthy(port)) || !server.isAlive()) {
            throw new IOException(server + " does not start; see " + server.log());
        }
    }

    public static boolean isHealthy(int port) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health/readiness"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** PostgreSQL over the database that the first start made, on a port of its own. */
    public Server postgres(int port) throws IOException {
        var command = new ArrayList<>(postgresUser());
        command.addAll(List.of(program("postgres", "bin/postgres"), "-D", data() + "/postgres", "-p", "" + port));
        return new Server("postgres", command, Map.of("LC_ALL", "C", "TZ", "UTC"), folder.resolve("postgres.log"));
    }

    /** PostgreSQL refuses to run as root: whoever owns the data, by Freshet's choice, tells who is to run it. */
    private List<String> postgresUser() throws IOException {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        return Files.getOwner(folder.resolve("data/postgres")).getName().equals("root")
                ? List.of("unshare", "-U")
                : List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--");
    }

    /** A Redis that keeps nothing, with the password of the first start. */
    public Server redis(String name, int port) throws IOException {
        var program = program("redis", "redis-server");
        var password = password();
        var command = List.of(
                program,
                "--bind",
                "127.0.0.1",
                "--port",
                "" + port,
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--requirepass",
                password,
                "--masterauth",
                password,
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0",
                "--dbfilename",
                name + ".rdb");
        return new Server(name, command, Map.of(), folder.resolve(name + ".log"));
    }

    private String program(String server, String path) throws IOException {
        try (var folders = Files.newDirectoryStream(Path.of(data(), "bin"), server + "-*")) {
            for (var unpacked : folders) {
                return unpacked.resolve(path).toString();
            }
        }
        throw new IOException("The first Freshet unpacked no " + server + "; see " + folder.resolve("first.log"));
    }

    public String password() throws IOException {
        return Files.readString(Path.of(data(), "stores.password")).strip();
    }

    /** A token that may do everything; empty while there is none yet. */
    public String token() {
        try {
            return Files.readString(Path.of(data(), "first-token")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }
}
