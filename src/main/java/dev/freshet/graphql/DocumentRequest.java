package dev.freshet.graphql;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A parsed request (GraphQL over HTTP, draft of 2025). Its methods throw the problem to report to the client.
 *
 * @param query the document; null where an extension names it
 * @param operationName the operation of the document to execute; null for the only one
 */
record DocumentRequest(
        @Nullable String query,
        @Nullable String operationName,
        Map<String, Object> variables,
        Map<String, Object> extensions) {

    private static final TreeSet<String> FIELDS =
            new TreeSet<>(List.of("extensions", "operationName", "query", "variables"));

    /** Parses the body of a POST. */
    static DocumentRequest parse(JsonNode body, JsonMapper json) {
        if (body.isArray()) {
            throw Problem.INVALID_REQUEST.because("The body is an array. Send one request for each document.");
        }
        if (!body.isObject()) {
            throw Problem.INVALID_REQUEST.because("The body must be a JSON object with the field query.");
        }
        body.propertyNames().forEach(DocumentRequest::checkName);
        return new DocumentRequest(
                text("query", body.path("query")),
                text("operationName", body.path("operationName")),
                object("variables", body.path("variables"), json),
                object("extensions", body.path("extensions"), json));
    }

    /** Parses the parameters of a GET. */
    static DocumentRequest parse(MultiValueMap<String, String> parameters, JsonMapper json) {
        parameters.forEach((name, values) -> {
            checkName(name);
            if (values.size() > 1) {
                throw Problem.INVALID_REQUEST.because("The parameter " + name + " is repeated. Send it once.");
            }
        });
        return new DocumentRequest(
                empty(parameters.getFirst("query")),
                empty(parameters.getFirst("operationName")),
                object("variables", tree("variables", parameters.getFirst("variables"), json), json),
                object("extensions", tree("extensions", parameters.getFirst("extensions"), json), json));
    }

    private static void checkName(String name) {
        if (!FIELDS.contains(name)) {
            throw Problem.INVALID_REQUEST.because(
                    "Unknown parameter. Known parameters: " + String.join(", ", FIELDS) + ".");
        }
    }

    private static @Nullable String empty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable String text(String name, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        if (!value.isString()) {
            throw Problem.invalid(List.of(new Invalid(name, "must be text")));
        }
        return value.stringValue();
    }

    private static JsonNode tree(String name, @Nullable String text, JsonMapper json) {
        try {
            return json.readTree(text == null || text.isEmpty() ? "null" : text);
        } catch (JacksonException e) {
            throw Problem.invalid(List.of(new Invalid(name, "must be a JSON object")));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String name, JsonNode value, JsonMapper json) {
        if (value.isNull() || value.isMissingNode()) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw Problem.invalid(List.of(new Invalid(name, "must be a JSON object")));
        }
        return json.convertValue(value, LinkedHashMap.class);
    }
}
