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
 * The response to a GET request over a connection of its own, read line by line as it arrives. It is small, so that
 * thousands may be open. It limits the silence between two bytes, by which it detects a dead connection.
 */
final class HttpStream implements Closeable {

    private final Socket socket = new Socket();
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new HashMap<>();
    private final boolean chunked;
    private int left;

    /**
     * Sends the request and waits for the response headers.
     *
     * @param silence the longest time without a byte before reading fails
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

    /**
     * Returns the next whole line of the body without its end; null at the end of the body. A partial line is
     * discarded.
     */
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

    /** Returns the rest of the body, up to its end or the end of the connection. */
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

    /** Reads a line of the chunked framing, before which the connection must not end. */
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
