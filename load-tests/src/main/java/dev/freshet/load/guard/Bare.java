package dev.freshet.load.guard;

import dev.freshet.load.Home;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

/**
 * A web server that only answers, on a JVM with Freshet's settings: the minimum that a request costs on this machine
 * with this generator.
 */
public final class Bare {

    // The size of a page of twenty articles.
    private static final String BODY = "x".repeat(12_000);

    private final Server server;
    private final int port;

    private Bare(Server server, int port) {
        this.server = server;
        this.port = port;
    }

    /** @param args the port */
    public static void main(String... args) {
        HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .handle((request, response) ->
                        response.header("Content-Type", "application/json").sendString(Mono.just(BODY)))
                .bindNow()
                .onDispose()
                .block();
    }

    static Bare start(Path folder, int port) throws IOException {
        Files.createDirectories(folder);
        var command = new ArrayList<>(List.of(Home.java()));
        command.addAll(Target.FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bare.class.getName(), "" + port));
        var server = new Server("bare", command, Map.of(), folder.resolve("bare.log"));
        server.endWithThisProgram("KILL");
        server.start();
        if (!Pause.until(Duration.ofSeconds(30), () -> answers(port))) {
            throw new IOException("The bare handler does not start; see " + server.log());
        }
        return new Bare(server, port);
    }

    private static boolean answers(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    long process() {
        return server.pid();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    void stop() throws IOException, InterruptedException {
        server.end("KILL");
    }
}
