package dev.freshet.content.source;

import dev.freshet.content.format.FeedHints;
import dev.freshet.content.source.PollOutcome.FeedState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Converts the columns of sources that contain JSON or digests. */
final class SourceCodec {

    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final JsonMapper json;
    private final JsonMapper columns;

    SourceCodec(JsonMapper json) {
        this.json = json;
        this.columns = json.rebuild()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
    }

    /** Returns the facts about the last document of a source. */
    FeedState state(SourceRow row) {
        return new FeedState(row.etag(), row.lastModified(), row.body(), digests(row.entries()), hints(row));
    }

    AddedProperties added(SourceRow row) {
        return new AddedProperties(tags(row), row.author());
    }

    List<String> tags(SourceRow row) {
        return json.readValue(row.tags(), TEXTS);
    }

    FeedHints hints(SourceRow row) {
        return row.hints() == null ? FeedHints.NONE : json.readValue(row.hints(), FeedHints.class);
    }

    /** Returns a value as JSON. */
    String text(Object value) {
        return json.writeValueAsString(value);
    }

    /** Returns a report as JSON with the names of columns. */
    String report(PollReport report) {
        return columns.writeValueAsString(report);
    }

    /** Returns digests in Base64. */
    static String digests(List<Long> digests) {
        var bytes = ByteBuffer.allocate(digests.size() * Long.BYTES);
        digests.forEach(bytes::putLong);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static List<Long> digests(String text) {
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        var digests = new ArrayList<Long>();
        while (bytes.hasRemaining()) {
            digests.add(bytes.getLong());
        }
        return List.copyOf(digests);
    }
}
