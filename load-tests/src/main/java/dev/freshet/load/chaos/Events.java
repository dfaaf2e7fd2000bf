package dev.freshet.load.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events of an open stream, in either wire format. */
final class Events implements Closeable {

    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingStream stream;
    private final boolean sse;
    private int heartbeats;
    private Duration retry = Duration.ofSeconds(1);

    /** @param last the cursor to resume from; null where the query names the start */
    Events(int port, boolean sse, String query, @Nullable String last, Duration silence) throws IOException {
        this.sse = sse;
        var headers = new HashMap<>(Map.of("Accept", sse ? "text/event-stream" : "application/x-ndjson"));
        var path = "/api/v1/articles?" + query;
        if (last != null && sse) {
            headers.put("Last-Event-ID", last);
        } else if (last != null) {
            path += "&since=" + last;
        }
        stream = new BlockingStream(port, path, headers, silence);
    }

    int status() {
        return stream.status();
    }

    @Nullable
    String header(String name) {
        return stream.header(name);
    }

    /** Returns the server's last delay before a reconnect. */
    Duration retry() {
        return retry;
    }

    /** Returns the number of heartbeats. */
    int heartbeats() {
        return heartbeats;
    }

    /** Waits for the next event; returns null at the end of the stream. */
    @Nullable
    JsonNode next() throws IOException {
        return sse ? nextOfSse() : nextLine();
    }

    private @Nullable JsonNode nextLine() throws IOException {
        for (var line = stream.next(); line != null; line = stream.next()) {
            if (!line.isEmpty()) {
                return JSON.readTree(line);
            }
            heartbeats++;
        }
        return null;
    }

    private @Nullable JsonNode nextOfSse() throws IOException {
        for (var block = stream.next(); block != null; block = stream.next()) {
            String id = null;
            String type = null;
            String data = null;
            for (var line : block.split("\n")) {
                var colon = line.indexOf(':');
                var value = line.substring(colon + 1).stripLeading();
                switch (colon < 0 ? line : line.substring(0, colon)) {
                    case "id" -> id = value;
                    case "event" -> type = value;
                    case "data" -> data = value;
                    case "retry" -> retry = Duration.ofMillis(Long.parseLong(value));
                    case "" -> heartbeats += line.equals(":") ? 1 : 0;
                    default -> {}
                }
            }
            if (data != null) {
                return checked(JSON.readTree(data), id, type);
            }
        }
        return null;
    }

    private static JsonNode checked(JsonNode event, @Nullable String id, @Nullable String type) {
        if (!event.path("type").asString("").equals(type)
                || (id != null && !event.path("cursor").asString("").equals(id))) {
            throw new IllegalStateException("id " + id + " and event " + type + " differ from their data " + event);
        }
        return event;
    }

    @Override
    public void close() {
        stream.close();
    }
}
