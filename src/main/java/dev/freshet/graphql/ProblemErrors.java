package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.problem.Problems;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.schema.DataFetchingEnvironment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.http.HttpStatus;

/** Problems as GraphQL errors, whose {@code extensions} carry the fields of the problem. */
final class ProblemErrors {

    private static final Logger log = LoggerFactory.getLogger(ProblemErrors.class);

    private ProblemErrors() {}

    /** Returns the error of a field. Logs a server fault with a reference that the client receives too. */
    static GraphQLError of(Throwable failure, DataFetchingEnvironment environment) {
        var problem =
                problem(failure, environment.getExecutionStepInfo().getPath().toString());
        return GraphqlErrorBuilder.newError(environment)
                .message("%s", detail(problem))
                .errorType(type(problem.problem().status()))
                .extensions(extensions(problem))
                .build();
    }

    private static ErrorType type(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> ErrorType.UNAUTHORIZED;
            case FORBIDDEN -> ErrorType.FORBIDDEN;
            case NOT_FOUND, GONE -> ErrorType.NOT_FOUND;
            default -> status.is5xxServerError() ? ErrorType.INTERNAL_ERROR : ErrorType.BAD_REQUEST;
        };
    }

    /** Returns the body of a response to a request that was not executed. */
    static Map<String, Object> response(ProblemException problem) {
        var error = new LinkedHashMap<String, Object>();
        error.put("message", detail(problem));
        error.put("extensions", extensions(problem));
        return Map.of("errors", List.of(error));
    }

    /** Adds the fields of a problem to an error of the document or its variables, which the library reports. */
    static Map<String, Object> complete(Map<String, Object> error) {
        var known = error.get("extensions") instanceof Map<?, ?> map ? map : Map.of();
        if (known.containsKey("type")) {
            return error;
        }
        var problem = Problem.INVALID_REQUEST.because(String.valueOf(error.get("message")));
        var all = extensions(problem);
        known.forEach((name, value) -> all.put(String.valueOf(name), value));
        var completed = new LinkedHashMap<>(error);
        completed.put("extensions", all);
        return completed;
    }

    /** Returns the status of the first error of a result. */
    static int status(Map<String, Object> result) {
        return result.get("errors") instanceof List<?> errors
                        && errors.getFirst() instanceof Map<?, ?> first
                        && first.get("extensions") instanceof Map<?, ?> extensions
                        && extensions.get("status") instanceof Integer status
                ? status
                : Problem.INVALID_REQUEST.status().value();
    }

    /**
     * Returns the problem of a failure.
     *
     * @param subject names the failed part in the log
     */
    static ProblemException problem(Throwable failure, String subject) {
        var problem = Problems.of(failure);
        if (problem != null) {
            return problem;
        }
        var reference = UUID.randomUUID().toString();
        log.error("GraphQL {} failed, reference {}", subject, reference, failure);
        var fault = Problem.INTERNAL.because(
                "An unexpected error occurred. The server's log has its details under the reference.");
        fault.getBody().setProperty("reference", reference);
        return fault;
    }

    private static String detail(ProblemException problem) {
        return Objects.requireNonNullElse(
                problem.getBody().getDetail(), problem.problem().title());
    }

    private static Map<String, @Nullable Object> extensions(ProblemException problem) {
        var body = problem.getBody();
        var extensions = new LinkedHashMap<String, @Nullable Object>();
        extensions.put("type", String.valueOf(body.getType()));
        extensions.put("title", body.getTitle());
        extensions.put("status", body.getStatus());
        extensions.put("detail", body.getDetail());
        var properties = body.getProperties();
        if (properties != null) {
            extensions.putAll(properties);
        }
        return extensions;
    }
}
