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

/** Sends bytes as they are, where a client that keeps to the standard would refuse to. */
public final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

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

    /** Sends a request on a connection of its own, which asks for its close, and reads all that comes back. */
    public static Answer send(int port, byte[] request) throws IOException {
        try (var connection = open(port)) {
            connection.send(request);
            return connection.answer();
        }
    }

    /** Opens a connection. */
    public static Connection open(int port) throws IOException {
        return new Connection(port);
    }

    /** A connection on which bytes are sent as they are, and as slowly as one likes. */
    public static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final Disposable.Swap dripping = Disposables.swap();

        private Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
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
                // It may be answered and closed before all is sent.
            }
        }

        /** Sends this again and again, so often, until the connection is closed. */
        public void drip(String text, Duration every) {
            dripping.update(Flux.interval(every)
                    .publishOn(Schedulers.boundedElastic(), 1)
                    .subscribe(tick -> send(text)));
        }

        /** Reads until this has come, or the connection is closed; all that was read. */
        public String readTo(String text) throws IOException {
            return new String(bytesTo(text), StandardCharsets.UTF_8);
        }

        /** The same, where not all is text. */
        public byte[] bytesTo(String text) throws IOException {
            var bytes = new ByteArrayOutputStream();
            read(bytes, () -> text(bytes).contains(text));
            return bytes.toByteArray();
        }

        /** Reads until the connection is closed; all that was read. */
        public String rest() throws IOException {
            return new String(restAsBytes(), StandardCharsets.UTF_8);
        }

        /** The same, where it is no text. */
        public byte[] restAsBytes() throws IOException {
            var bytes = new ByteArrayOutputStream();
            read(bytes, () -> false);
            return bytes.toByteArray();
        }

        /** Reads an answer, up to the close of the connection; of a stream that does not end, its beginning. */
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
                throw new IOException("No end after " + PATIENCE_MILLIS + " ms: " + text(bytes), e);
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
