package dev.freshet.platform.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Servers for tests, each in a temporary folder: PostgreSQL without durability, Redis on a fixed port. Used by
 * {@link dev.freshet.testing}; other tests use that package.
 */
public final class ServersForTests implements AutoCloseable {

    // All instances of the test run share one server.
    private static final int MAX_CONNECTIONS = 500;
    private static final Binaries BINARIES = new Binaries(binaries());

    private final DataFolder folder;

    private ServersForTests(DataFolder folder) {
        this.folder = folder;
    }

    /** Folder of the extracted server programs, shared by all test runs. */
    public static Path binaries() {
        return Path.of("target", "embedded-binaries").toAbsolutePath();
    }

    /** A new temporary folder; it is deleted by {@link #close()}. */
    public static ServersForTests inTemporaryFolder() throws IOException {
        return new ServersForTests(DataFolder.open(Files.createTempDirectory("freshet-test-")));
    }

    /** Starts PostgreSQL and returns its URL. */
    public String startPostgres() {
        return PostgresServer.start(folder, BINARIES, Durability.NONE, MAX_CONNECTIONS)
                .url();
    }

    /** A port that is free now. */
    public static int freePort() throws IOException {
        return Ports.free();
    }

    /** Starts Redis, empty, on the port. */
    public Redis startRedis(int port) throws IOException {
        return new Redis(RedisServer.start(folder, BINARIES, port));
    }

    /** Stops what still runs and deletes the folder. */
    @Override
    public void close() throws IOException {
        stop(new ServerProcess(
                "postgres", folder.resolve("postgres").toString(), folder.resolve("postgres/postmaster.pid")));
        stop(new ServerProcess(
                "redis-server", folder.resolve("redis/redis.conf").toString(), folder.resolve("redis/redis.pid")));
        folder.close();
        Binaries.deleteRecursively(folder.path());
    }

    private static void stop(ServerProcess server) throws IOException {
        var process = server.find();
        if (process.isPresent()) {
            // Its data is deleted, so it need not write it.
            process.get().destroyForcibly();
            process.get().onExit().join();
        }
    }

    /** A running Redis. */
    public static final class Redis {

        private final RedisServer server;

        private Redis(RedisServer server) {
            this.server = server;
        }

        /** The server's address. */
        public String url() {
            return server.url();
        }

        /** Suspends it with SIGSTOP: it accepts connections and commands, and never answers. */
        public void suspend() {
            var pid = Long.toString(server.process().pid());
            try {
                new ProcessBuilder("kill", "-STOP", pid)
                        .inheritIO()
                        .start()
                        .onExit()
                        .join();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends it with SIGKILL and waits for its end. */
        public void kill() {
            server.process().destroyForcibly();
            server.process().onExit().join();
        }
    }
}
