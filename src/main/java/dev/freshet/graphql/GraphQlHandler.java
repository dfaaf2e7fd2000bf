package dev.freshet.graphql;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.Problems;
import graphql.ExecutionResult;
import graphql.language.OperationDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Handles requests of GraphQL over HTTP: queries by GET and POST, mutations by POST, subscriptions as streams. */
final class GraphQlHandler {

    private final Mono<Engine> engine;
    private final Scheduler scheduler;
    private final ResponseCache responses;
    private final EventStreams streams;
    private final GraphQlSettings settings;
    private final JsonMapper json;

    /** @param scheduler its threads may block, since the library reads texts of errors from files */
    GraphQlHandler(
            Mono<Engine> engine,
            Scheduler scheduler,
            ResponseCache responses,
            EventStreams streams,
            GraphQlSettings settings,
            JsonMapper json) {
        this.engine = engine;
        this.scheduler = scheduler;
        this.responses = responses;
        this.streams = streams;
        this.settings = settings;
        this.json = json;
    }

    /** A request whose document is parsed. */
    private record Prepared(
            Engine engine,
            DocumentRequest request,
            Documents.Prepared document,
            @Nullable OperationDefinition operation) {

        boolean is(OperationDefinition.Operation kind) {
            return operation != null && operation.getOperation() == kind;
        }

        ResponseCache.Key key() {
            return new ResponseCache.Key(document.text(), request.operationName(), request.variables());
        }
    }

    Mono<ServerResponse> get(ServerRequest request) {
        return handle(request, Mono.fromSupplier(() -> DocumentRequest.parse(request.queryParams(), json)));
    }

    Mono<ServerResponse> post(ServerRequest request) {
        var type = request.headers().contentType();
        // A form can't send this type, so another site's page can't send this request with a cookie.
        if (type.isEmpty() || !type.get().equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
            return Mono.error(Problem.UNSUPPORTED_MEDIA_TYPE.because("Send the request as application/json."));
        }
        return handle(
                request,
                request.bodyToMono(JsonNode.class)
                        .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(
                                "The body is empty. Send a JSON object with the field query.")))
                        .map(body -> DocumentRequest.parse(body, json)));
    }

    private Mono<ServerResponse> handle(ServerRequest request, Mono<DocumentRequest> parsed) {
        return Mono.defer(() -> {
            var type = ResponseType.negotiate(request.headers().asHttpHeaders());
            return parsed.flatMap(document -> engine.map(built -> Map.entry(built, document)))
                    // Parsing, validating and executing take time that grows with the document.
                    .publishOn(scheduler)
                    .map(both -> prepare(both.getKey(), both.getValue()))
                    .flatMap(prepared -> respond(request, type, prepared))
                    .onErrorResume(
                            GraphQlHandler::isRequestError,
                            failure -> Responses.error(type, ProblemErrors.problem(failure, "request"), json));
        });
    }

    /** Returns whether the response is a GraphQL error. Other failures have the response of every resource. */
    private static boolean isRequestError(Throwable failure) {
        return !(failure instanceof MethodNotAllowedException) && Problems.of(failure) != null;
    }

    private Prepared prepare(Engine built, DocumentRequest request) {
        var document = built.documents().prepare(built.persisted().find(request));
        if (document.errors().isEmpty()) {
            built.persisted().register(request);
        }
        var operation = document.operation(request.operationName());
        return new Prepared(built, request, document, operation);
    }

    private Mono<ServerResponse> respond(ServerRequest request, ResponseType type, Prepared prepared) {
        var isGet = HttpMethod.GET.equals(request.method());
        if (isGet && prepared.is(OperationDefinition.Operation.MUTATION)) {
            return Mono.error(new MethodNotAllowedException(HttpMethod.GET, Set.of(HttpMethod.POST)));
        }
        var document = prepared.document().document();
        var operation = prepared.operation();
        var excess = document == null || operation == null
                ? null
                : DocumentCost.check(document, operation, prepared.request().variables(), settings.limits());
        if (excess != null) {
            return Responses.error(type, excess, json);
        }
        if (!prepared.is(OperationDefinition.Operation.MUTATION)) {
            requireFewVariables(prepared.request());
        }
        var isSubscription = prepared.is(OperationDefinition.Operation.SUBSCRIPTION);
        if (isSubscription && type != ResponseType.SSE) {
            return Mono.error(Problem.NOT_ACCEPTABLE.because("A subscription is a stream. Accept text/event-stream."));
        }
        var cached = isSubscription ? null : responses.get(prepared.key());
        if (cached != null) {
            return Responses.shared(type, cached, isGet ? request : null);
        }
        return caller(request).flatMap(caller -> {
            var call = Call.of(
                    prepared.document(),
                    caller.orElse(null),
                    Origin.of(request),
                    request.headers().firstHeader("Last-Event-ID"));
            return prepared.engine()
                    .execute(call, prepared.request())
                    .publishOn(scheduler)
                    .flatMap(result ->
                            call.opening() != null && result.getErrors().isEmpty()
                                    ? streams.open(request, prepared.engine(), prepared.request(), call)
                                    : write(request, type, prepared, call, result));
        });
    }

    /**
     * Checks the variables of a query or a subscription, since caches and streams hold them. A variable of a mutation may be a
     * whole article.
     */
    private void requireFewVariables(DocumentRequest request) {
        var variables = request.variables();
        var size = variables.isEmpty() ? 0 : json.writeValueAsString(variables).length();
        var max = settings.limits().size();
        if (size > max) {
            throw Problem.CONTENT_TOO_LARGE.because(
                    "The variables have " + size + " characters. The limit is " + max + ".");
        }
    }

    private static Mono<Optional<Caller>> caller(ServerRequest request) {
        return Caller.of(request).map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    private Mono<ServerResponse> write(
            ServerRequest request, ResponseType type, Prepared prepared, Call call, ExecutionResult result) {
        var specification = result.toSpecification();
        if (specification.get("errors") instanceof List<?> errors) {
            specification.put("errors", complete(errors));
        }
        var body = json.writeValueAsBytes(specification);
        var isShared =
                !call.isPersonal() && result.getErrors().isEmpty() && prepared.is(OperationDefinition.Operation.QUERY);
        if (!isShared) {
            var isStarted = result.isDataPresent() && !prepared.is(OperationDefinition.Operation.SUBSCRIPTION);
            return type == ResponseType.SSE && !isStarted
                    ? Responses.refused(ProblemErrors.status(specification), body)
                    : Responses.personal(type, body, result.isDataPresent());
        }
        var entry = ResponseCache.Entry.of(body, call.reads());
        responses.put(prepared.key(), entry);
        return Responses.shared(type, entry, HttpMethod.GET.equals(request.method()) ? request : null);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> complete(List<?> errors) {
        var completed = new ArrayList<Object>();
        errors.forEach(error -> completed.add(ProblemErrors.complete((Map<String, Object>) error)));
        return completed;
    }

    /** Reports the methods of the path. */
    static Mono<ServerResponse> reportMethods(ServerRequest request) {
        var methods = Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS);
        return HttpMethod.OPTIONS.equals(request.method())
                ? ServerResponse.noContent().allow(methods).build()
                : Mono.error(new MethodNotAllowedException(request.method(), methods));
    }
}
