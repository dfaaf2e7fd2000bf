package dev.freshet.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends bytes as they are, where a client that keeps to the standard would refuse to. */
public final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

    private RawHttp() {}

    /**
     * What came back.
     *
     * @param status 0 where the connection was closed without an answer
     * @param head the status line and the headers
     * @param body empty for a stream that does not end
     */
    public record Answer(int status, String head, String body) {

        /** The value of a header in lower case, empty where there is none. */
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
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
            } catch (IOException refused) {
                // It may be answered and closed before all is sent.
            }
            return read(socket);
        }
    }

    private static Answer read(Socket socket) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[16 * 1024];
        try {
            for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
                bytes.write(buffer, 0, count);
                if (isEndless(bytes)) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("No end after " + PATIENCE_MILLIS + " ms: " + text(bytes), e);
        } catch (IOException reset) {
            // What came before it counts.
        }
        var text = text(bytes);
        var end = text.indexOf("\r\n\r\n");
        return end < 0
                ? new Answer(0, "", text)
                : new Answer(
                        Integer.parseInt(text.substring(9, 12)), text.substring(0, end + 2), text.substring(end + 4));
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
