package dev.freshet.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Sends bytes as they are, including those that violate the standard. */
public final class RawHttp {

    private RawHttp() {}

    /**
     * A response.
     *
     * @param status 0 where the connection was closed without an answer
     * @param head the status line and the headers
     * @param body empty for a stream that does not end
     */
    public record Answer(int status, String head, String body) {

        /** Returns the value of a header in lower case, or an empty text without the header. */
        public String header(String name) {
            var start = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name.toLowerCase(Locale.ROOT) + ": ");
            if (start < 0) {
                return "";
            }
            var from = start + name.length() + 4;
            return head.substring(from, head.indexOf("\r\n", from)).toLowerCase(Locale.ROOT);
        }
    }

    /** Sends a request on a new connection and reads until the server closes it. */
    public static Answer send(int port, byte[] request) throws IOException {
        try (var connection = open(port)) {
            connection.send(request);
            return connection.answer();
        }
    }

    /** Opens a connection. */
    public static Connection open(int port) throws IOException {
        return new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Opens a connection from a loopback address such as 127.0.0.2, which Linux has without configuration. */
    public static Connection open(String from, int port) throws IOException {
        return new Connection(new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0));
    }

    /** A connection that sends bytes as they are, at any pace. */
    public static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final Disposable.Swap dripping = Disposables.swap();

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) Freshet.TIMEOUT.toMillis());
            socket.setTcpNoDelay(true);
        }

        public void send(String text) {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        public void send(byte[] bytes) {
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            } catch (IOException refused) {
                // The server may respond and close before all is sent.
            }
        }

        /** Sends a text at this interval until the connection is closed. */
        public void drip(String text, Duration interval) {
            // A thread of its own, since a server that reads nothing more blocks it.
            var thread = Schedulers.newBoundedElastic(1, 10, "drip", 60, true);
            var ticks = Flux.interval(interval)
                    .onBackpressureDrop()
                    .publishOn(thread, 1)
                    .subscribe(tick -> send(text));
            dripping.update(Disposables.composite(ticks, thread));
        }

        /** Reads until this text arrives or the connection is closed. Returns all that was read. */
        public String readTo(String text) throws IOException {
            return new String(bytesTo(text), StandardCharsets.UTF_8);
        }

        /** Like {@link #readTo}, for bytes that are not all text. */
        public byte[] bytesTo(String text) throws IOException {
            var bytes = new ByteArrayOutputStream();
            read(bytes, () -> text(bytes).contains(text));
            return bytes.toByteArray();
        }

        /** Reads until the connection is closed. Returns all that was read. */
        public String rest() throws IOException {
            return new String(restAsBytes(), StandardCharsets.UTF_8);
        }

        /** Like {@link #rest}, for bytes that are not text. */
        public byte[] restAsBytes() throws IOException {
            var bytes = new ByteArrayOutputStream();
            read(bytes, () -> false);
            return bytes.toByteArray();
        }

        /** Reads a response until the connection is closed, or the beginning of an endless stream. */
        public Answer answer() throws IOException {
            var bytes = new ByteArrayOutputStream();
            read(bytes, () -> isEndless(bytes));
            var text = text(bytes);
            var end = text.indexOf("\r\n\r\n");
            return end < 0
                    ? new Answer(0, "", text)
                    : new Answer(
                            Integer.parseInt(text.substring(9, 12)),
                            text.substring(0, end + 2),
                            text.substring(end + 4));
        }

        private void read(ByteArrayOutputStream bytes, BooleanSupplier isEnough) throws IOException {
            var buffer = new byte[16 * 1024];
            try {
                for (int count;
                        !isEnough.getAsBoolean()
                                && (count = socket.getInputStream().read(buffer)) >= 0; ) {
                    bytes.write(buffer, 0, count);
                }
            } catch (SocketTimeoutException e) {
                throw new IOException("No end after " + Freshet.TIMEOUT.toSeconds() + " s: " + text(bytes), e);
            } catch (IOException reset) {
                // Text received before the timeout counts.
            }
        }

        @Override
        public void close() throws IOException {
            dripping.dispose();
            socket.close();
        }
    }

    private static boolean isEndless(ByteArrayOutputStream bytes) {
        if (bytes.size() > 4096) {
            return false;
        }
        var text = text(bytes).toLowerCase(Locale.ROOT);
        return text.contains("\r\n\r\n")
                && (text.contains("content-type: text/event-stream")
                        || text.contains("content-type: application/x-ndjson"));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
