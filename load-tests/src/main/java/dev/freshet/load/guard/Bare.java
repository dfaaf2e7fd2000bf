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

    private static final int PORT = 22010;
    // The size of a page of twenty articles.
    private static final String BODY = "x".repeat(12_000);

    private final Server server;

    private Bare(Server server) {
        this.server = server;
    }

    public static void main(String... args) {
        HttpServer.create()
                .host("127.0.0.1")
                .port(PORT)
                .handle((request, response) ->
                        response.header("Content-Type", "application/json").sendString(Mono.just(BODY)))
                .bindNow()
                .onDispose()
                .block();
    }

    static Bare start(Path folder) throws IOException {
        Files.createDirectories(folder);
        var command = new ArrayList<>(List.of(Home.java()));
        command.addAll(Target.FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bare.class.getName()));
        var server = new Server("bare", command, Map.of(), folder.resolve("bare.log"));
        server.endWithThisProgram("KILL");
        server.start();
        if (!Pause.until(Duration.ofSeconds(30), Bare::answers)) {
            throw new IOException("The bare handler does not start; see " + server.log());
        }
        return new Bare(server);
    }

    private static boolean answers() {
        try (var socket = new Socket("127.0.0.1", PORT)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + PORT + "/");
    }

    void stop() throws IOException, InterruptedException {
        server.end("KILL");
    }
}
