package dev.freshet.load.reader;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A GET request for a stream.
 *
 * @param target the path with its query
 * @param silence the longest time without a byte before the connection counts as lost; zero for no limit
 * @param bytesPerSecond the rate at which the client reads, for a slow reader; zero to read at once
 */
public record StreamRequest(
        InetSocketAddress server, String target, Map<String, String> headers, Duration silence, int bytesPerSecond) {

    /** A request without a limit of silence, which reads at once. */
    public static StreamRequest of(InetSocketAddress server, String target, Map<String, String> headers) {
        return new StreamRequest(server, target, headers, Duration.ZERO, 0);
    }

    byte[] bytes() {
        var text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost:" + server.getPort() + "\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
