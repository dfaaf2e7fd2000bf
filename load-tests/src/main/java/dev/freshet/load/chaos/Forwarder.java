package dev.freshet.load.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A TCP proxy that can be made to fail. It forwards connections to its targets in turn, and to the next one when one
 * refuses. Each connection has two threads, one per direction.
 */
final class Forwarder implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2000;

    private final ServerSocket server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Integer> targets;
    private volatile boolean refusing;
    // Open while bytes may pass.
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Listens on a port of the loopback address and forwards to other ports. */
    Forwarder(int port, List<Integer> targets) throws IOException {
        this.targets = targets;
        this.server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // The forwarder is closed, or the client has left already.
            }
        }
    }

    private void connect(Socket client) {
        if (!refusing) {
            var candidates = targets;
            var first = Math.floorMod(turn.getAndIncrement(), candidates.size());
            for (var i = 0; i < candidates.size(); i++) {
                var upstream = new Socket();
                try {
                    upstream.connect(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(), candidates.get((first + i) % candidates.size())),
                            CONNECT_MILLIS);
                    upstream.setTcpNoDelay(true);
                    client.setTcpNoDelay(true);
                    new Link(client, upstream).begin();
                    return;
                } catch (IOException e) {
                    reset(upstream);
                }
            }
        }
        reset(client);
    }

    /** Forwards new connections to other targets. */
    void retarget(List<Integer> others) {
        targets = others;
    }

    /** Resets the open connections that the predicate selects. */
    int cut(Predicate<Integer> chosen) {
        var cut = 0;
        var index = 0;
        for (var link : links) {
            if (chosen.test(index++)) {
                link.reset();
                cut++;
            }
        }
        return cut;
    }

    /** Resets all connections and refuses new ones until released. */
    void refuse(boolean refuse) {
        refusing = refuse;
        if (refuse) {
            cut(index -> true);
        }
    }

    /** Stops all traffic until released; connections stay open. */
    void stall(boolean stall) {
        gate.countDown();
        if (stall) {
            gate = new CountDownLatch(1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        gate.countDown();
        cut(index -> true);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // The connection is closed already, as intended.
        }
    }

    private final class Link {

        private final Socket client;
        private final Socket upstream;

        Link(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void begin() {
            links.add(this);
            Thread.ofVirtual().start(() -> pump(client, upstream));
            Thread.ofVirtual().start(() -> pump(upstream, client));
        }

        private void pump(Socket from, Socket to) {
            var buffer = new byte[8192];
            try {
                for (var n = from.getInputStream().read(buffer);
                        n >= 0;
                        n = from.getInputStream().read(buffer)) {
                    gate.await();
                    to.getOutputStream().write(buffer, 0, n);
                }
                gate.await();
                to.close();
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                links.remove(this);
            }
        }

        void reset() {
            Forwarder.reset(client);
            Forwarder.reset(upstream);
        }
    }
}
