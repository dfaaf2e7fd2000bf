package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import java.util.Map;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of {@code /graphql}.
 *
 * @param token empty for an anonymous client
 */
record Gql(Freshet instance, String token) {

    private static final JsonMapper JSON = JsonMapper.shared();

    Gql(Freshet instance) {
        this(instance, "");
    }

    /** Posts a document. */
    Reply post(String document, Map<String, ?> variables, String... headers) {
        return send(JSON.writeValueAsString(Map.of("query", document, "variables", variables)), headers);
    }

    /** Posts a body. */
    Reply send(String body, String... headers) {
        var all = new String[headers.length + (token.isEmpty() ? 0 : 2)];
        System.arraycopy(headers, 0, all, 0, headers.length);
        if (!token.isEmpty()) {
            all[headers.length] = "Authorization";
            all[headers.length + 1] = "Bearer " + token;
        }
        return get(instance.send(HttpMethod.POST, "/graphql", body, all));
    }

    /** Returns the data of a document that must not fail. */
    JsonNode data(String document, Map<String, ?> variables) {
        var reply = post(document, variables);
        if (reply.code() != 200 || reply.json().has("errors")) {
            throw new AssertionError(reply.code() + " " + reply.body());
        }
        return reply.json().path("data");
    }

    JsonNode data(String document) {
        return data(document, Map.of());
    }

    /** Returns the extensions of the only error. */
    JsonNode error(String document, Map<String, ?> variables) {
        return post(document, variables).json().path("errors").path(0).path("extensions");
    }
}
