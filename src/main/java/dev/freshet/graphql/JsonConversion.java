package dev.freshet.graphql;

import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetchingEnvironment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Converts inputs of the schema into requests of the JSON API, and its responses into fields by name. */
@Component
final class JsonConversion {

    private static final TypeReference<Map<String, @Nullable Object>> FIELDS = new TypeReference<>() {};

    private final JsonMapper json;
    private final StrictJson strict;

    JsonConversion(JsonMapper json, StrictJson strict) {
        this.json = json;
        this.strict = strict;
    }

    /** Returns the JSON of an input: an absent field stays absent, and a null stays null. */
    JsonNode input(Map<String, ? extends @Nullable Object> input) {
        return json.valueToTree(input);
    }

    /** Returns the JSON of an argument that is an input object. */
    JsonNode input(DataFetchingEnvironment environment, String name) {
        return input(Arguments.object(environment, name));
    }

    /** Returns an input as a request of the JSON API, or throws the problem with it. */
    <T> T request(JsonNode input, Class<T> type) {
        try {
            return strict.read(input, type);
        } catch (StrictJson.FaultException e) {
            throw Problem.invalid(List.of(e.fault()));
        }
    }

    /** Returns the fields of a response of the JSON API. */
    Map<String, @Nullable Object> fields(Object response) {
        return json.convertValue(response, FIELDS);
    }
}
