package dev.freshet.content.intake;

import dev.freshet.platform.problem.JsonFault;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON of imports, as deep as any other JSON may be here, and strictly: a field that is there twice is an error. */
@Component
class JsonReader {

    private final JsonMapper json;

    JsonReader(JsonMapper json) {
        this.json = json.rebuild()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * Reads a document.
     *
     * @throws UnreadableEntryException if it isn't one JSON object; the reason says where
     */
    JsonFields read(String text) {
        try {
            return JsonFields.of("the JSON", json.readTree(text));
        } catch (JacksonException e) {
            throw new UnreadableEntryException("is not valid JSON: " + JsonFault.told(e));
        }
    }
}
