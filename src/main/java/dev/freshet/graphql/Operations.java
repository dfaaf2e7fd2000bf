package dev.freshet.graphql;

import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.stream.StreamOrder;
import graphql.ExecutionResult;
import graphql.language.OperationDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** Prepares and executes the operations of clients, for each transport. Thread-safe. */
final class Operations {

    /**
     * A request whose document is parsed, validated and measured.
     *
     * @param operation null if the document is invalid or the request selects no operation, which the execution reports
     */
    record Prepared(
            Engine engine,
            DocumentRequest request,
            Documents.Prepared document,
            @Nullable OperationDefinition operation) {

        boolean is(OperationDefinition.Operation kind) {
            return operation != null && operation.getOperation() == kind;
        }

        private ResponseCache.Key key() {
            return new ResponseCache.Key(document.text(), request.operationName(), request.variables());
        }
    }

    /** The outcome of an operation. */
    sealed interface Outcome {

        /** A response, which is complete. */
        sealed interface Response extends Outcome {}

        /** A response that is the same for every caller. */
        record Shared(ResponseCache.Entry entry) implements Response {}

        /**
         * A result for one caller.
         *
         * @param result as the specification defines it, with the fields of problems in its errors
         * @param body the JSON of the result
         * @param isStarted whether the operation was executed, if only in part
         */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Personal(Map<String, Object> result, byte[] body, boolean isStarted) implements Response {

            boolean hasData() {
                return result.containsKey("data");
            }
        }

        /** A stream to open. */
        record Stream(StreamOrder order) implements Outcome {}
    }

    private final Mono<Engine> engine;
    private volatile @Nullable Engine running;
    private final Scheduler scheduler;
    private final ResponseCache responses;
    private final EventStreams streams;
    private final GraphQlSettings.Limits limits;
    private final ResultEncoder encoder;
    private final JsonMapper json;

    /** @param scheduler its threads may block, since the library reads texts of errors from files */
    Operations(
            Mono<Engine> engine,
            Scheduler scheduler,
            ResponseCache responses,
            EventStreams streams,
            GraphQlSettings.Limits limits,
            ResultEncoder encoder,
            JsonMapper json) {
        this.engine = engine.doOnNext(built -> running = built);
        this.scheduler = scheduler;
        this.responses = responses;
        this.streams = streams;
        this.limits = limits;
        this.json = json;
        this.encoder = encoder;
    }

    /** Prepares a request, and continues on a thread that may block. Fails with the problem to report to the client. */
    Mono<Prepared> prepare(DocumentRequest request) {
        // Parsing, validating and executing take time that grows with the document.
        return engine.publishOn(scheduler).map(built -> prepare(built, request));
    }

    /**
     * Prepares a request without waiting, and without parsing a document.
     *
     * @return null if the document is not known or selects what differs between callers
     */
    @Nullable
    Prepared prepareKnown(DocumentRequest request) {
        var built = running;
        var document =
                built == null ? null : built.documents().known(built.persisted().find(request));
        return built != null && document != null && document.queries(Engine.SHARED_FIELDS, request.operationName())
                ? prepare(built, request, document)
                : null;
    }

    private Prepared prepare(Engine built, DocumentRequest request) {
        return prepare(
                built, request, built.documents().prepare(built.persisted().find(request)));
    }

    private Prepared prepare(Engine built, DocumentRequest request, Documents.Prepared document) {
        if (document.errors().isEmpty()) {
            built.persisted().register(request);
        }
        var prepared = new Prepared(built, request, document, document.operation(request.operationName()));
        check(prepared);
        return prepared;
    }

    private void check(Prepared prepared) {
        var document = prepared.document().document();
        var operation = prepared.operation();
        var excess = document == null || operation == null
                ? null
                : DocumentCost.check(document, operation, prepared.request().variables(), limits);
        if (excess != null) {
            throw excess;
        }
        if (!prepared.is(OperationDefinition.Operation.MUTATION)) {
            requireFewVariables(prepared.request());
        }
    }

    /**
     * Checks the variables of a query or a subscription, since caches and streams hold them. A variable of a mutation may be a
     * whole article.
     */
    private void requireFewVariables(DocumentRequest request) {
        var variables = request.variables();
        var size = variables.isEmpty() ? 0 : json.writeValueAsString(variables).length();
        if (size > limits.size()) {
            throw Problem.CONTENT_TOO_LARGE.because(
                    "The variables have " + size + " characters. The limit is " + limits.size() + ".");
        }
    }

    /** Returns a valid response to a query that was executed before; null for none. */
    ResponseCache.@Nullable Entry cached(Prepared prepared) {
        return prepared.is(OperationDefinition.Operation.SUBSCRIPTION) ? null : responses.get(prepared.key());
    }

    /**
     * Executes a query of {@link #prepareKnown} for an anonymous client, and continues on a thread that may block. Does
     * not look for a cached response.
     */
    Mono<Outcome> executeKnown(Prepared prepared, Origin origin) {
        return Mono.just(prepared).publishOn(scheduler).flatMap(query -> run(query, null, origin, null, Wire.SSE));
    }

    /**
     * Executes an operation, and continues on a thread that may block.
     *
     * @param caller subscribed to unless the response is cached
     * @param lastEventId the value of Last-Event-ID
     * @param wire the transport, if the operation is a subscription
     */
    Mono<Outcome> execute(
            Prepared prepared, Mono<Optional<Caller>> caller, Origin origin, @Nullable String lastEventId, Wire wire) {
        var cached = cached(prepared);
        return cached != null
                ? Mono.just(new Outcome.Shared(cached))
                : caller.flatMap(known -> run(prepared, known.orElse(null), origin, lastEventId, wire));
    }

    private Mono<Outcome> run(
            Prepared prepared, @Nullable Caller caller, Origin origin, @Nullable String lastEventId, Wire wire) {
        var call = Call.of(prepared.document(), caller, origin, lastEventId);
        return prepared.engine().execute(call, prepared.request()).map(result -> outcome(prepared, call, result, wire));
    }

    private Outcome outcome(Prepared prepared, Call call, ExecutionResult result, Wire wire) {
        if (call.opening() != null && result.getErrors().isEmpty()) {
            return new Outcome.Stream(streams.order(prepared, call, wire));
        }
        var specification = result.toSpecification();
        if (specification.get("errors") instanceof List<?> errors) {
            specification.put("errors", complete(errors));
        }
        var isShared =
                !call.isPersonal() && result.getErrors().isEmpty() && prepared.is(OperationDefinition.Operation.QUERY);
        if (!isShared) {
            return personal(
                    specification, result.isDataPresent() && !prepared.is(OperationDefinition.Operation.SUBSCRIPTION));
        }
        var entry = ResponseCache.Entry.of(encoder.encode(specification), call.reads());
        responses.put(prepared.key(), entry);
        return new Outcome.Shared(entry);
    }

    private Outcome.Personal personal(Map<String, Object> result, boolean isStarted) {
        try {
            return new Outcome.Personal(result, encoder.encode(result), isStarted);
        } catch (ProblemException tooLarge) {
            // An operation that was executed is not a request that failed: a mutation has made its change.
            var error = ProblemErrors.response(tooLarge);
            return new Outcome.Personal(error, encoder.encode(error), isStarted);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Object> complete(List<?> errors) {
        var completed = new ArrayList<Object>();
        errors.forEach(error -> completed.add(ProblemErrors.complete((Map<String, Object>) error)));
        return completed;
    }
}
