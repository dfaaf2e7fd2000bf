package dev.freshet.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * A real nginx with the shipped configuration, in which only addresses and paths are changed. Tests use {@link
 * #isInstalled} as a condition.
 */
public final class Nginx implements AutoCloseable {

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns whether a test can run it. Fails in builds with {@code CI=true}, so that a test is not skipped there. */
    public static boolean isInstalled() {
        var installed = program() != null;
        if (!installed && "true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("nginx is missing. Install it.");
        }
        return installed;
    }

    private static @Nullable Path program() {
        return Stream.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Starts one in front of the instances with these ports. */
    public static Nginx start(int first, int second) throws IOException {
        return start(first, second, Map.of());
    }

    /**
     * Starts one in front of the instances with these ports, and returns once it accepts connections.
     *
     * @param changes further replacements in the shipped configuration, each of which must occur there
     */
    public static Nginx start(int first, int second, Map<String, String> changes) throws IOException {
        var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "nginx")), "nginx-")
                .toAbsolutePath();
        var port = freePort();
        var all = new LinkedHashMap<>(changes);
        all.put("127.0.0.1:8081", "127.0.0.1:" + first);
        all.put("127.0.0.1:8082", "127.0.0.1:" + second);
        all.put("listen 8080", "listen 127.0.0.1:" + port);
        // One process serves all connections, so that its state of an instance applies to all connections.
        all.put("worker_processes auto;", "worker_processes 1;\n" + user());
        all.put("http {\n", "http {\naccess_log off;\n" + temporaryFolders(folder));
        var configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, replace(Files.readString(Path.of("config", "nginx.conf")), all));
        var process = new ProcessBuilder(
                        String.valueOf(program()),
                        "-c",
                        configuration.toString(),
                        "-p",
                        folder.toString(),
                        "-g",
                        "daemon off; pid " + folder.resolve("pid") + "; error_log " + folder.resolve("errors.log")
                                + ";")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        var nginx = new Nginx(process, port);
        nginx.awaitConnection();
        return nginx;
    }

    // Its workers could not enter the folder of a build that runs as root otherwise.
    private static String user() {
        return "root".equals(System.getProperty("user.name")) ? "user root;" : "";
    }

    private static String temporaryFolders(Path folder) {
        return String.join(
                "",
                Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                        .map(name -> name + "_temp_path " + folder.resolve(name) + ";\n")
                        .toList());
    }

    private static String replace(String text, Map<String, String> changes) {
        var changed = text;
        for (var change : changes.entrySet()) {
            if (!changed.contains(change.getKey())) {
                throw new IllegalStateException("config/nginx.conf has no " + change.getKey());
            }
            changed = changed.replace(change.getKey(), change.getValue());
        }
        return changed;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitConnection() {
        Mono.fromCallable(() -> {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return port;
                })
                .subscribeOn(Schedulers.boundedElastic())
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20)))
                .block(Freshet.TIMEOUT);
    }

    /** Returns the port on which it listens. */
    public int port() {
        return port;
    }

    /** Returns its address, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        // The master process stops its workers.
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                Stream.concat(process.descendants(), List.of(process.toHandle()).stream())
                        .forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
