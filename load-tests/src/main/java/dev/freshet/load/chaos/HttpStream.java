package dev.freshet.load.chaos;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a GET over a connection of its own, read line by line as it arrives. Small, so that thousands may be
 * open, and with a limit to the silence between two bytes, by which a dead connection is noticed.
 */
final class HttpStream implements Closeable {

    private final Socket socket = new Socket();
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new HashMap<>();
    private final boolean chunked;
    private int left;

    /**
     * Asks, and waits for the headers.
     *
     * @param silence the longest time without a byte, before reading fails
     */
    HttpStream(int port, String path, Map<String, String> asked, Duration silence) throws IOException {
        try {
            socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Math.toIntExact(silence.toMillis()));
            socket.setTcpNoDelay(true);
            var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
            asked.forEach((name, value) ->
                    request.append(name).append(": ").append(value).append("\r\n"));
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            in = new BufferedInputStream(socket.getInputStream(), 2048);
            status = Integer.parseInt(header().split(" ")[1]);
            for (var line = header(); !line.isEmpty(); line = header()) {
                var colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    int status() {
        return status;
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** The next whole line of the body without its end, or null at the end; half a line is none. */
    @Nullable
    String line() throws IOException {
        var line = new ByteArrayOutputStream(256);
        for (var b = read(); b >= 0; b = read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
        }
        return null;
    }

    /** All that is left of the body, to its end or the connection's. */
    String text() throws IOException {
        var text = new ByteArrayOutputStream();
        for (var b = read(); b >= 0; b = read()) {
            text.write(b);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private int read() throws IOException {
        if (chunked && left == 0) {
            left = Integer.parseInt(header().split(";")[0].strip(), 16);
            if (left == 0) {
                return -1;
            }
        }
        var b = in.read();
        if (chunked) {
            if (b < 0) {
                throw new EOFException("cut within a chunk");
            }
            if (--left == 0) {
                header();
            }
        }
        return b;
    }

    /** A line of the framing, which must not end before its time. */
    private String header() throws IOException {
        var line = new StringBuilder();
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("cut within the framing");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
