package dev.freshet.load.pages;

import dev.freshet.load.Cores;
import dev.freshet.load.Home;
import dev.freshet.load.Jvm;
import dev.freshet.load.Pause;
import dev.freshet.load.Server;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of this package in a JVM of its own, with the libraries that only peers need. */
final class PeerProcess {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Server server;
    private final Peer peer;

    PeerProcess(Peer named, Class<?> program, Map<String, String> environment, List<String> arguments, Path folder)
            throws URISyntaxException {
        var command = new ArrayList<>(List.of(Home.java()));
        command.addAll(Jvm.FLAGS);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(arguments);
        server = new Server(named.name(), command, environment, folder.resolve(named.name() + ".log")).on(Cores.BOTH);
        peer = new Peer(named.name(), named.description(), named.port(), server::pid);
    }

    private static String classPath() throws URISyntaxException {
        URI programs = PeerProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        return System.getProperty("java.class.path")
                + File.pathSeparator
                + Path.of(programs).resolveSibling("peers").resolve("*");
    }

    Peer peer() {
        return peer;
    }

    void start() throws IOException {
        server.start();
        if (!Pause.until(TIMEOUT, () -> !server.isAlive() || answers()) || !server.isAlive()) {
            throw new IOException(server + " does not start; see " + server.log());
        }
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", peer.port()), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Moves the process to the core on which it is measured. */
    void settle() throws IOException, InterruptedException {
        server.moveTo(Cores.SERVER);
    }

    void stop() throws IOException, InterruptedException {
        server.end("TERM");
    }
}
