package dev.freshet.identity.signin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An SMTP server (RFC 5321) that offers STARTTLS (RFC 3207) and accepts every mail. Records what clients send. */
final class StartTlsServer implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> plain = new CopyOnWriteArrayList<>();
    private final List<String> encrypted = new CopyOnWriteArrayList<>();
    private final SSLContext tls;
    private final boolean offersTls;

    /** @param offersTls whether it names STARTTLS among its extensions, and accepts it */
    StartTlsServer(SSLContext tls, boolean offersTls) throws IOException {
        this.tls = tls;
        this.offersTls = offersTls;
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Returns the lines that arrived in clear text. */
    List<String> plain() {
        return plain;
    }

    /** Returns the lines that arrived over TLS. */
    List<String> encrypted() {
        return encrypted;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var connection = listening.accept();
                threads.execute(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            reply(connection.getOutputStream(), "220 localhost");
            if (!converse(connection, plain, offersTls)) {
                return;
            }
            var secured = (SSLSocket) tls.getSocketFactory().createSocket(connection, null, false);
            try (secured) {
                converse(secured, encrypted, false);
            }
        } catch (IOException left) {
            // The client has refused the certificate or left.
        }
    }

    /** Answers commands until the client leaves. Returns true at once if the client starts TLS. */
    private boolean converse(Socket connection, List<String> received, boolean offers) throws IOException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        var out = connection.getOutputStream();
        for (String line; (line = in.readLine()) != null; ) {
            received.add(line);
            switch (line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT)) {
                case "EHLO" ->
                    reply(
                            out,
                            offers
                                    ? "250-localhost\r\n250-AUTH PLAIN\r\n250 STARTTLS"
                                    : "250-localhost\r\n250 AUTH PLAIN");
                case "STAR" -> {
                    reply(out, "220 Go ahead");
                    return true;
                }
                case "AUTH" -> reply(out, "235 Accepted");
                case "DATA" -> {
                    reply(out, "354 Go ahead");
                    do {
                        line = in.readLine();
                        received.add(line);
                    } while (line != null && !line.equals("."));
                    reply(out, "250 Accepted");
                }
                case "QUIT" -> reply(out, "221 Bye");
                default -> reply(out, "250 OK");
            }
        }
        return false;
    }

    private static void reply(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
