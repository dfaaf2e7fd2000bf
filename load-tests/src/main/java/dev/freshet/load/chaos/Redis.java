package dev.freshet.load.chaos;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Two Redis servers: a primary and its replica. */
final class Redis {

    private static final int TIMEOUT_MILLIS = 2000;

    private final Server[] servers;
    private final int[] ports;
    private final String password;
    private int primary;

    Redis(Home home, int port) throws IOException {
        servers = new Server[] {home.redis("redis-1", port), home.redis("redis-2", port + 1)};
        ports = new int[] {port, port + 1};
        password = home.password();
    }

    void start() throws IOException {
        start(0);
        start(1);
        follow(1);
    }

    private void start(int which) throws IOException {
        servers[which].start();
        if (!Pause.until(Duration.ofSeconds(10), () -> answers(which))) {
            throw new IOException(servers[which] + " does not start; see " + servers[which].log());
        }
    }

    private boolean answers(int which) {
        try {
            return command(which, "PING").equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    private void follow(int replica) throws IOException {
        command(replica, "REPLICAOF 127.0.0.1 " + ports[1 - replica]);
    }

    Server primary() {
        return servers[primary];
    }

    /** Returns the address of the primary. */
    int port() {
        return ports[primary];
    }

    /** Restarts the primary with an empty store. */
    void restart() throws IOException {
        start(primary);
    }

    /** Promotes the replica after the primary died. */
    void promote() throws IOException {
        primary = 1 - primary;
        command(primary, "REPLICAOF NO ONE");
    }

    /** Starts the dead server as a replica of the new primary. */
    void rejoin() throws IOException {
        start(1 - primary);
        follow(1 - primary);
    }

    void flush() throws IOException {
        command(primary, "FLUSHALL");
    }

    void stop() throws IOException, InterruptedException {
        for (var server : servers) {
            server.end("KILL");
        }
    }

    private String command(int which, String command) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[which]), TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(("AUTH " + password + "\r\n" + command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var signedIn = answers.readLine();
            var answer = answers.readLine();
            if (!"+OK".equals(signedIn) || answer == null || answer.startsWith("-")) {
                throw new IOException(servers[which] + " answers " + command + " with " + answer);
            }
            return answer;
        }
    }
}
