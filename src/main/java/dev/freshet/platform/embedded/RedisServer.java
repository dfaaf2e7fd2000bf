package dev.freshet.platform.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A Redis server in the folder {@code redis} of a data folder. It persists nothing, since Redis is never the truth. It
 * listens on the loopback address only and requires the folder's password.
 */
final class RedisServer implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final int PORTS_TO_TRY = 5;

    private final ServerProcess server;
    private final ProcessHandle process;
    private final String url;

    private RedisServer(ServerProcess server, ProcessHandle process, String url) {
        this.server = server;
        this.process = process;
        this.url = url;
    }

    /**
     * Starts the server on a free port, after stopping an orphaned one of the same folder.
     *
     * @throws IOException if it does not start
     */
    static RedisServer start(DataFolder folder, Binaries binaries) throws IOException {
        IOException last = new IOException("no free port");
        for (int attempt = 0; attempt < PORTS_TO_TRY; attempt++) {
            int port = Ports.free();
            try {
                return start(folder, binaries, port);
            } catch (IOException e) {
                last = e;
                if (Ports.isFree(InetAddress.getLoopbackAddress(), port)) {
                    break;
                }
            }
        }
        throw last;
    }

    /**
     * Starts the server on the given port, after stopping an orphaned one of the same folder.
     *
     * @throws IOException if it does not start
     */
    static RedisServer start(DataFolder folder, Binaries binaries, int port) throws IOException {
        Path program = binaries.redis();
        Path home = folder.subfolder("redis");
        Path configuration = home.resolve("redis.conf");
        Path log = home.resolve("redis.log");
        ServerProcess server = new ServerProcess("redis-server", configuration.toString(), home.resolve("redis.pid"));
        Optional<ProcessHandle> orphan = server.find();
        if (orphan.isPresent()) {
            stop(server, orphan.get());
        }
        Files.deleteIfExists(server.pidFile());
        Files.deleteIfExists(log);
        DataFolder.writeSecret(configuration, configuration(home, log, server.pidFile(), port, folder.password()));
        Command.Result result = new Command(List.of(program.toString(), configuration.toString())).run(START_TIMEOUT);
        if (result.failed()) {
            throw new IOException(result.reason());
        }
        awaitAnswer(port, folder.password(), log);
        ProcessHandle process = server.find().orElseThrow(() -> new IOException("its process is gone"));
        return new RedisServer(server, process, "redis://:" + folder.password() + "@127.0.0.1:" + port);
    }

    private static String configuration(Path home, Path log, Path pidFile, int port, String password) {
        return """
                bind 127.0.0.1
                port %d
                requirepass %s
                # In a session of its own, where a Ctrl-C meant for the program can't reach it.
                daemonize yes
                # Keeps its command line, by which an orphan is known.
                set-proc-title no
                pidfile %s
                logfile %s
                dir %s
                save ""
                appendonly no
                maxmemory 256mb
                maxmemory-policy volatile-lru
                """.formatted(port, password, quoted(pidFile), quoted(log), quoted(home));
    }

    private static String quoted(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static void awaitAnswer(int port, String password, Path log) throws IOException {
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers(port, password)) {
            if (System.nanoTime() > end) {
                throw new IOException("it doesn't answer; see " + log);
            }
            if (Files.exists(log) && Files.readString(log).contains("Failed listening")) {
                throw new IOException("port " + port + " is in use");
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static boolean answers(int port, String password) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(1000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.getOutputStream().write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return "+OK".equals(answer.readLine()) && "+PONG".equals(answer.readLine());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the URL, with the password. */
    String url() {
        return url;
    }

    ProcessHandle process() {
        return process;
    }

    @Override
    public void close() throws IOException {
        stop(server, process);
    }

    private static void stop(ServerProcess server, ProcessHandle process) throws IOException {
        process.destroy();
        if (!server.awaitEnd(process, START_TIMEOUT)) {
            process.destroyForcibly();
            Files.deleteIfExists(server.pidFile());
        }
    }
}
