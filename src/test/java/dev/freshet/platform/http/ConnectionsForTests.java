package dev.freshet.platform.http;

import java.time.Duration;
import reactor.netty.http.server.HttpServer;

/** Connections as the program sets them up, for tests of other packages. */
public final class ConnectionsForTests {

    private ConnectionsForTests() {}

    /** Returns a server on a free port of the loopback address. */
    public static HttpServer server() {
        var server = RequestHeaderTimeout.on(HttpServer.create().host("127.0.0.1"), Duration.ofMinutes(1), null);
        return Http2PriorKnowledge.on(SharedReceiveBuffers.on(server));
    }
}
