package dev.freshet.graphql;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.Problems;
import dev.freshet.stream.FeedStreams;
import graphql.language.OperationDefinition;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Handles requests of GraphQL over HTTP: queries by GET and POST, mutations by POST, subscriptions as streams. */
final class GraphQlHandler {

    private final Operations operations;
    private final PublicQueryRoute fastPath;
    private final FeedStreams streams;
    private final JsonMapper json;

    GraphQlHandler(Operations operations, PublicQueryRoute fastPath, FeedStreams streams, JsonMapper json) {
        this.operations = operations;
        this.fastPath = fastPath;
        this.streams = streams;
        this.json = json;
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
            return parsed.flatMap(operations::prepare)
                    .flatMap(prepared -> execute(request, type, prepared))
                    .flatMap(outcome -> respond(request, type, outcome))
                    .onErrorResume(
                            GraphQlHandler::isRequestError,
                            failure -> Responses.error(type, ProblemErrors.problem(failure, "request"), json)
                                    .send());
        });
    }

    /** Returns whether the response is a GraphQL error. Other failures have the response of every resource. */
    private static boolean isRequestError(Throwable failure) {
        return !(failure instanceof MethodNotAllowedException) && Problems.of(failure) != null;
    }

    private Mono<Operations.Outcome> execute(ServerRequest request, ResponseType type, Operations.Prepared prepared) {
        if (isGet(request) && prepared.is(OperationDefinition.Operation.MUTATION)) {
            return Mono.error(new MethodNotAllowedException(HttpMethod.GET, Set.of(HttpMethod.POST)));
        }
        if (type != ResponseType.SSE && prepared.is(OperationDefinition.Operation.SUBSCRIPTION)) {
            return Mono.error(Problem.NOT_ACCEPTABLE.because("A subscription is a stream. Accept text/event-stream."));
        }
        var caller = Caller.of(request).map(Optional::of).defaultIfEmpty(Optional.empty());
        return operations.execute(
                prepared, caller, Origin.of(request), request.headers().firstHeader("Last-Event-ID"), Wire.SSE);
    }

    private Mono<ServerResponse> respond(ServerRequest request, ResponseType type, Operations.Outcome outcome) {
        return switch (outcome) {
            case Operations.Outcome.Stream stream -> streams.open(request, stream.order());
            case Operations.Outcome.Shared shared -> {
                if (isGet(request)) {
                    fastPath.add(request, type, shared.entry());
                }
                yield Responses.shared(type, shared.entry(), isGet(request) ? request : null);
            }
            case Operations.Outcome.Personal personal ->
                type == ResponseType.SSE && !personal.isStarted()
                        ? Responses.refused(ProblemErrors.status(personal.result()), personal.body())
                        : Responses.personal(type, personal.body(), personal.hasData())
                                .send();
        };
    }

    private static boolean isGet(ServerRequest request) {
        return HttpMethod.GET.equals(request.method());
    }

    /** Reports the methods of the path. */
    static Mono<ServerResponse> reportMethods(ServerRequest request) {
        var methods = Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS);
        return HttpMethod.OPTIONS.equals(request.method())
                ? ServerResponse.noContent().allow(methods).build()
                : Mono.error(new MethodNotAllowedException(request.method(), methods));
    }
}
