package dev.freshet.load.pages;

import dev.freshet.load.Home;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** A response of Freshet in a file, for peers that send the same. */
record RecordedResponse(int status, Map<String, List<String>> headers, byte[] body) {

    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "keep-alive", "transfer-encoding", "content-length");

    /** Sends the request of {@link Requests}. */
    static RecordedResponse request(URI address, Map<String, String> headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address);
        headers.forEach(request::header);
        var answer = Home.HTTP.send(request.build(), BodyHandlers.ofByteArray());
        var kept = new TreeMap<>(answer.headers().map());
        kept.keySet().removeIf(name -> OF_THE_CONNECTION.contains(name) || name.startsWith(":"));
        return new RecordedResponse(answer.statusCode(), kept, answer.body());
    }

    /** Returns the entity tag; empty if it has none. */
    String etag() {
        return String.join("", headers.getOrDefault("etag", List.of()));
    }

    void write(Path file) {
        JsonMapper.shared().writeValue(file.toFile(), this);
    }

    static RecordedResponse read(String file) {
        return JsonMapper.shared().readValue(Path.of(file).toFile(), RecordedResponse.class);
    }
}
