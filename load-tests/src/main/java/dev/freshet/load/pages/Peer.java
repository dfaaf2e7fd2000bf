package dev.freshet.load.pages;

import dev.freshet.load.Home;
import dev.freshet.load.Jvm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A server whose pages are compared.
 *
 * @param description its name and start command
 * @param process the process id of its JVM
 */
record Peer(String name, String description, int port, LongSupplier process) {

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    List<Long> processes() {
        return List.of(process.getAsLong());
    }

    void collectGarbage() throws IOException, InterruptedException {
        Jvm.collectGarbage(Home.java(), process.getAsLong());
    }
}
