package dev.freshet.load.start;

import dev.freshet.load.Home;
import dev.freshet.load.Options;
import dev.freshet.load.Pause;
import dev.freshet.load.Results;
import dev.freshet.load.Server;
import dev.freshet.load.Usage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * Starts Freshet with running stores, as a plain jar and as docker/Dockerfile does, in turn. Measures the time until it
 * is ready, and its memory after an idle time.
 */
final class StartUp {

    private static final String PLAIN = "plain jar";
    private static final String IMAGE = "as the image";
    // The same as the containers of docker/compose.yaml.
    private static final String MEMORY = "-XX:MaxRAM=1g";
    private static final Duration MAX_START = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(10);

    private final Options options;
    private final Home home;
    private final Path app;
    private final int port;
    private final Results results = new Results(
            "Starts of Freshet",
            "Medians of the rounds, with minimum and maximum. × is the ratio to the plain jar.",
            List.of(PLAIN));

    private StartUp(Options options) throws IOException {
        this.options = options;
        this.home = Home.of(options.path("work"), options.path("jar"));
        this.app = home.folder().resolve("app").toAbsolutePath();
        this.port = options.number("port");
    }

    public static void main(String... args) {
        var options = new Options("Measures how long Freshet takes to start, and its memory when idle.")
                .with("rounds", 5, "number of rounds")
                .with("idle", 60, "idle seconds before the memory is measured")
                .with("port", 23100, "first of the ports that are used")
                .with("jar", "target/freshet.jar", "Freshet")
                .with("work", "load-tests/target/start", "folder of data and logs")
                .with("results", "load-tests/results", "folder of the table")
                .with("name", "start", "name of its files")
                .read(args);
        try {
            new StartUp(options).run();
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        results.setting("command", "load-tests/run start " + options.line());
        results.setting("machine", Results.machine());
        if (home.token().isEmpty()) {
            home.prepare(port);
        }
        var postgres = home.postgres(port + 1);
        var redis = home.redis("redis", port + 2);
        for (var store : List.of(postgres, redis)) {
            store.endWithThisProgram(store == postgres ? "INT" : "TERM");
            store.start();
        }
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(
                PLAIN,
                List.of(Home.java(), MEMORY, "-jar", home.jar().toAbsolutePath().toString()));
        commands.put(IMAGE, image());
        commands.forEach((name, command) -> results.setting(
                name,
                String.join(" ", command.subList(1, command.size()))
                        .replace(Path.of("").toAbsolutePath() + "/", "")));
        for (var round = 0; round < options.number("rounds"); round++) {
            for (var each : commands.entrySet()) {
                results.add("start", each.getKey(), start(each.getKey(), each.getValue()));
            }
        }
        results.write(options.path("results"), options.text("name"));
    }

    /** Prepares the image as the Dockerfile does: its jar, and a cache from a training start. */
    private List<String> image() throws IOException, InterruptedException {
        execute(Path.of(""), Map.of(), "docker/prepare", app.toString());
        var options = app.resolve("java.options");
        var cache = app.resolve("freshet.aot").toString();
        var training = home.folder().resolve("training").toAbsolutePath();
        // The end of a training start shows by a file that the first start with a folder writes.
        FileSystemUtils.deleteRecursively(training);
        execute(
                app,
                Map.of(
                        "PATH",
                        Path.of(Home.java()).getParent() + File.pathSeparator + System.getenv("PATH"),
                        "JDK_JAVA_OPTIONS",
                        MEMORY + " @" + options,
                        "FRESHET_DATA_DIR",
                        training.toString(),
                        "SERVER_PORT",
                        Integer.toString(port)),
                "bash",
                "train",
                cache);
        return List.of(
                Home.java(),
                MEMORY,
                "@" + options,
                "-XX:AOTCache=" + cache,
                "-jar",
                app.resolve("freshet.jar").toString());
    }

    private void execute(Path folder, Map<String, String> settings, String... command)
            throws IOException, InterruptedException {
        var log = home.folder().resolve("image.log").toAbsolutePath();
        var builder = new ProcessBuilder(command)
                .directory(folder.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(settings);
        var code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + "; see " + log);
        }
    }

    private Map<String, Double> start(String name, List<String> command) throws IOException, InterruptedException {
        var server = new Server(
                name, new ArrayList<>(command), settings(), home.folder().resolve("freshet.log"));
        var begun = System.nanoTime();
        server.start();
        try {
            while (!Home.isHealthy(port)) {
                if (!server.isAlive() || System.nanoTime() - begun > MAX_START.toNanos()) {
                    throw new IOException("It does not start; see " + server.log());
                }
                Pause.of(OFTEN);
            }
            var figures = new LinkedHashMap<String, Double>();
            figures.put("ready after s", (System.nanoTime() - begun) / 1e9);
            figures.put("CPU s until ready", Usage.cpuSeconds(List.of(server.pid())));
            Pause.of(Duration.ofSeconds(options.number("idle")));
            figures.put("resident MiB when idle", Usage.residentBytes(List.of(server.pid())) / 1048576.0);
            return figures;
        } finally {
            server.end("TERM");
        }
    }

    private Map<String, String> settings() throws IOException {
        var settings = new HashMap<String, String>();
        settings.put("SERVER_PORT", Integer.toString(port));
        settings.put("FRESHET_DATA_DIR", home.folder().resolve("freshet").toString());
        settings.put(
                "FRESHET_POSTGRES_URL",
                "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (port + 1) + "/freshet");
        settings.put("FRESHET_REDIS_URL", "redis://:" + home.password() + "@127.0.0.1:" + (port + 2));
        return settings;
    }
}
