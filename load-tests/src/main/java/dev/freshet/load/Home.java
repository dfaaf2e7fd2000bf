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
 * A folder with everything that Freshet and its stores need. A first start of Freshet with embedded stores creates it:
 * the programs of PostgreSQL and Redis, a database, a password and a token. So nothing has to be installed.
 *
 * @param folder the folder of all data and logs
 * @param jar the jar of Freshet
 */
public record Home(Path folder, Path jar) {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** The setting of an instance that gives its heap size. */
    public static final String HEAP = "HEAP";

    /** The client for requests beside the tested ones. */
    public static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    /** Creates an empty folder. */
    public static Home of(Path folder, Path jar) throws IOException {
        if (!Files.exists(jar)) {
            throw new IOException(jar + " does not exist. Build it with mvn package.");
        }
        Files.createDirectories(folder);
        return new Home(folder, jar);
    }

    /** Starts Freshet once, until the folder is complete. */
    public void prepare(int port) throws IOException, InterruptedException {
        var first = embedding(port, Map.of());
        first.endWithThisProgram("TERM");
        first.start();
        try {
            awaitFirst(first, port);
        } finally {
            first.end("TERM");
        }
    }

    /** Creates an instance with embedded stores. */
    public Server embedding(int port, Map<String, String> settings) {
        var environment = new HashMap<>(settings);
        environment.put("FRESHET_DATA_DIR", data());
        return freshet("first", port, environment);
    }

    /** Waits until the first instance of this folder is healthy and has created a token. */
    public void awaitFirst(Server first, int port) throws IOException {
        awaitHealth(first, port);
        // Older commits, which are compared too, write it shortly after they are healthy.
        if (!Pause.until(TIMEOUT, () -> !token().isEmpty())) {
            throw new IOException("No token was created; see " + first.log());
        }
    }

    /** Creates an instance without starting it. It is small, and starts quickly rather than running fast. */
    public Server freshet(String name, int port, Map<String, String> settings) {
        return freshet(name, port, settings, small(settings.getOrDefault(HEAP, "256m")));
    }

    /** Returns the flags of a JVM that is small, and starts quickly rather than running fast. */
    public static List<String> small(String heap) {
        return List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");
    }

    /** Creates an instance at full speed without starting it. */
    public Server freshet(String name, int port, Map<String, String> settings, List<String> flags) {
        return freshet(name, port, settings, flags, List.of("-jar", jar.toString()));
    }

    /** Creates the same with other arguments than {@code -jar}, which start the jar too. */
    public Server freshet(
            String name, int port, Map<String, String> settings, List<String> flags, List<String> launch) {
        var environment = new HashMap<>(settings);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("FRESHET_SAMPLES", "false");
        environment.putIfAbsent("FRESHET_DATA_DIR", folder.resolve(name).toString());
        var command = new ArrayList<>(List.of(java()));
        command.addAll(flags);
        command.addAll(launch);
        return new Server(name, command, environment, folder.resolve(name + ".log"));
    }

    /** Returns the path of the Java that runs this program. */
    public static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** Waits until a started instance is healthy. */
    public static void awaitHealth(Server server, int port) throws IOException {
        if (!Pause.until(TIMEOUT, () -> !server.isAlive() || isHealthy(port)) || !server.isAlive()) {
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

    /** Creates a PostgreSQL over the database of the first start, on a port of its own. */
    public Server postgres(int port) throws IOException {
        var command = new ArrayList<>(postgresUser());
        command.addAll(List.of(program("bin/postgres"), "-D", data() + "/postgres", "-p", "" + port));
        // pgbench has a connection per publisher.
        command.addAll(List.of("-c", "max_connections=400"));
        return new Server("postgres", command, Map.of("LC_ALL", "C", "TZ", "UTC"), folder.resolve("postgres.log"));
    }

    /** PostgreSQL refuses to run as root, so it runs as the owner of the data, which Freshet has chosen. */
    private List<String> postgresUser() throws IOException {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        return Files.getOwner(folder.resolve("data/postgres")).getName().equals("root")
                ? List.of("unshare", "-U")
                : List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--");
    }

    /** Creates a Redis without persistence, with the password of the first start. */
    public Server redis(String name, int port) throws IOException {
        var program = program("redis-server");
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

    /** Returns the path of a program in one of the folders that the first instance extracted. */
    private String program(String path) throws IOException {
        try (var folders = Files.newDirectoryStream(Path.of(data(), "bin"))) {
            for (var unpacked : folders) {
                if (Files.exists(unpacked.resolve(path))) {
                    return unpacked.resolve(path).toString();
                }
            }
        }
        throw new IOException("The first instance extracted no " + path + "; see " + folder.resolve("first.log"));
    }

    public String password() throws IOException {
        return Files.readString(Path.of(data(), "stores.password")).strip();
    }

    /** Returns a token with all scopes; empty while none exists. */
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
