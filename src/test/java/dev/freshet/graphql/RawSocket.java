package dev.freshet.graphql;

import dev.freshet.testing.Freshet;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A WebSocket of the protocol graphql-transport-ws. It sends what a test likes, also what the protocol forbids, and reads
 * only when the test does.
 */
final class RawSocket implements AutoCloseable {

    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int PING = 9;

    private static final int CLOSE = 8;
    private static final int PONG = 10;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A frame of the server. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(int opcode, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final String response;

    private RawSocket(Socket socket, List<String> headers) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout((int) Freshet.TIMEOUT.toMillis());
        socket.getOutputStream().write((String.join("\r\n", headers) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            read.write(in.readByte());
        }
        this.response = read.toString(StandardCharsets.US_ASCII);
    }

    /**
     * Opens a socket.
     *
     * @param headers further headers of the handshake, such as {@code Origin: https://example.org}
     */
    static RawSocket open(Freshet instance, String... headers) {
        return open(instance, 64 * 1024, headers);
    }

    /** Opens a socket with a receive buffer of this size. */
    static RawSocket open(Freshet instance, int receiveBuffer, String... headers) {
        var all = new ArrayList<>(List.of(
                "GET /graphql HTTP/1.1",
                "Host: 127.0.0.1:" + instance.port(),
                "Connection: keep-alive, Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: graphql-transport-ws"));
        all.addAll(List.of(headers));
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(receiveBuffer);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), instance.port()));
            return new RawSocket(socket, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a socket, and initialises the protocol with these parameters. */
    static RawSocket ready(Freshet instance, Map<String, ?> parameters) {
        var socket = open(instance);
        socket.send("connection_init", Map.of("payload", parameters));
        socket.receive("connection_ack");
        return socket;
    }

    /** Returns the status line and the headers of the handshake's response. */
    String response() {
        return response;
    }

    /** Sends a message. */
    void send(String type, Map<String, ?> fields) {
        var message = new HashMap<String, Object>(fields);
        message.put("type", type);
        send(JSON.writeValueAsString(message));
    }

    void subscribe(String id, String document, Map<String, ?> variables) {
        send("subscribe", Map.of("id", id, "payload", Map.of("query", document, "variables", variables)));
    }

    void send(String text) {
        frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    void frame(int opcode, boolean isFinal, byte[] payload) {
        var header = ByteBuffer.allocate(14).put((byte) (opcode | (isFinal ? 0x80 : 0)));
        if (payload.length < 126) {
            header.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            header.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            header.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        // A mask of zeros leaves the payload as it is.
        header.putInt(0).flip();
        var all = ByteBuffer.allocate(header.remaining() + payload.length);
        bytes(all.put(header).put(payload).array());
    }

    /** Sends bytes as they are. */
    void bytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // The server may respond and close before all is sent.
        }
    }

    /** Sends nothing more. */
    void end() {
        try {
            socket.shutdownOutput();
        } catch (IOException closed) {
            // The server has closed it.
        }
    }

    /** Returns the next message that is no ping. */
    JsonNode receive() {
        for (; ; ) {
            var frame = frame();
            if (frame.opcode() == CLOSE) {
                throw new AssertionError("Closed with " + code(frame));
            }
            var message = frame.opcode() == TEXT ? JSON.readTree(frame.text()) : null;
            if (message != null && !message.path("type").asString().equals("ping")) {
                return message;
            }
            send("{\"type\":\"pong\"}");
        }
    }

    /** Returns the next message that is no ping, which must have this type. */
    JsonNode receive(String type) {
        var message = receive();
        if (!message.path("type").asString().equals(type)) {
            throw new AssertionError("No " + type + ": " + message);
        }
        return message;
    }

    /** Returns the event of the next message. */
    JsonNode event() {
        return receive("next").path("payload").path("data").path("events");
    }

    /** Waits for the pong of a ping frame. */
    boolean isPonged(byte[] payload) {
        frame(PING, true, payload);
        var frame = frame();
        return frame.opcode() == PONG && Arrays.equals(frame.payload(), payload);
    }

    /** Reads until the server closes the connection. Returns the code of its close frame; 0 without one. */
    int closed() {
        try {
            for (; ; ) {
                var frame = frame();
                if (frame.opcode() == CLOSE) {
                    return code(frame);
                }
            }
        } catch (UncheckedIOException closed) {
            return 0;
        }
    }

    private static int code(Frame frame) {
        return frame.payload().length < 2 ? 0 : ByteBuffer.wrap(frame.payload()).getShort() & 0xffff;
    }

    private Frame frame() {
        try {
            var opcode = in.readByte() & 0x0f;
            var length = (long) in.readByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            return new Frame(opcode, in.readNBytes((int) length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
