package dev.freshet.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Collects spans that are sent with OTLP over HTTP. */
final class Collector implements AutoCloseable {

    /** A span, with its ids in hexadecimal digits; {@code parent} is empty for none. */
    record Span(String trace, String id, String parent, String name) {}

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> request.receive()
                    .aggregate()
                    .asByteArray()
                    .doOnNext(this::read)
                    .then(response.status(200).send().then()))
            .bindNow(Duration.ofMinutes(1));

    String url() {
        return "http://127.0.0.1:" + server.port() + "/v1/traces";
    }

    /** Returns the first span of this name in a trace; null if none has arrived. */
    @Nullable
    Span find(String trace, String name) {
        return spans.stream()
                .filter(span -> span.trace().equals(trace) && span.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Reads the fields of the protocol that are needed: resource spans, their scope spans, and spans. */
    private void read(byte[] request) {
        for (var resource : fields(ByteBuffer.wrap(request)).getOrDefault(1, List.of())) {
            for (var scope : fields(resource).getOrDefault(2, List.of())) {
                fields(scope).getOrDefault(2, List.of()).forEach(span -> spans.add(span(fields(span))));
            }
        }
    }

    private static Span span(Map<Integer, List<ByteBuffer>> fields) {
        return new Span(
                hex(fields, 1),
                hex(fields, 2),
                hex(fields, 4),
                StandardCharsets.UTF_8
                        .decode(fields.getOrDefault(5, List.of()).getFirst())
                        .toString());
    }

    private static String hex(Map<Integer, List<ByteBuffer>> fields, int number) {
        var found = fields.getOrDefault(number, List.of());
        if (found.isEmpty()) {
            return "";
        }
        var bytes = new byte[found.getFirst().remaining()];
        found.getFirst().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns the fields of a message that have a length, by their numbers. */
    private static Map<Integer, List<ByteBuffer>> fields(ByteBuffer message) {
        var fields = new HashMap<Integer, List<ByteBuffer>>();
        while (message.hasRemaining()) {
            var tag = number(message);
            switch ((int) tag & 7) {
                case 0 -> number(message);
                case 1 -> message.position(message.position() + 8);
                case 5 -> message.position(message.position() + 4);
                default -> {
                    var length = (int) number(message);
                    fields.computeIfAbsent((int) (tag >> 3), absent -> new CopyOnWriteArrayList<>())
                            .add(message.slice(message.position(), length));
                    message.position(message.position() + length);
                }
            }
        }
        return fields;
    }

    private static long number(ByteBuffer message) {
        var value = 0L;
        for (var shift = 0; ; shift += 7) {
            var next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
