package dev.freshet.load.streams;

import dev.freshet.load.Cores;
import dev.freshet.load.Home;
import dev.freshet.load.Jvm;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@link PlainWebFlux} in a JVM of its own. */
final class WebFlux implements Peer {

    private final int port;
    private final Server server;

    WebFlux(Path folder, int port) {
        this.port = port;
        var command = new ArrayList<>(List.of(Home.java()));
        command.addAll(Jvm.FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PlainWebFlux.class.getName()));
        this.server = new Server(
                        name(), command, Map.of("SERVER_PORT", Integer.toString(port)), folder.resolve("webflux.log"))
                .on(Cores.BOTH);
    }

    @Override
    public String name() {
        return "webflux";
    }

    @Override
    public String description() {
        return "Flux<ServerSentEvent> of Spring WebFlux over a multicast sink; " + Jvm.description();
    }

    void start() throws IOException, InterruptedException {
        server.start();
        Subscribers.await(this::answers, Duration.ofSeconds(60), "the plain WebFlux service to start");
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        server.end("TERM");
        start();
        settle();
    }

    void settle() throws IOException, InterruptedException {
        server.moveTo(Cores.SERVER);
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(address(), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<Long> processes() {
        return List.of(server.pid());
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public String path(String topic) {
        return "/stream";
    }

    @Override
    public HttpRequest publish(String topic, String marker) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/publish"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Payload.event(topic, marker)))
                .build();
    }

    @Override
    public boolean hasTopics() {
        return false;
    }

    @Override
    public void collectGarbage() throws IOException, InterruptedException {
        Jvm.collectGarbage(Home.java(), server.pid());
    }

    void stop() throws IOException, InterruptedException {
        server.end("TERM");
    }
}
