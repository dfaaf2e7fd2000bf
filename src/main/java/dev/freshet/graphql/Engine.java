package dev.freshet.graphql;

import dev.freshet.identity.account.Scope;
import dev.freshet.platform.WireName;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.introspection.Introspection;
import graphql.schema.DataFetcher;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaDirectiveWiring;
import graphql.schema.idl.SchemaDirectiveWiringEnvironment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.DefaultExecutionGraphQlService;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.support.DefaultExecutionGraphQlRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** The schema with its fetchers. Building it takes about a second: not on an event loop. */
final class Engine {

    static final Resource SCHEMA = new ClassPathResource("graphql/schema.graphqls");

    /** The fields whose values are the same for every caller, unless they report otherwise. */
    static final Set<String> SHARED_FIELDS = Set.of("articles", "feeds");

    /** The enums whose values have the {@linkplain WireName wire names} of the JSON API inside of the program. */
    private static final Set<String> WIRE_ENUMS = Set.of("Role", "SourceState", "StreamState", "SubscriptionState");

    private final Scheduler scheduler;
    private final GraphQL graphQl;
    private final DefaultExecutionGraphQlService service;
    private final Documents documents;
    private final PersistedDocuments persisted;
    private final boolean introspection;
    // Names an execution in logs of the library. A random name costs a call of the random generator.
    private final AtomicLong executions = new AtomicLong();

    Engine(
            List<GraphQlResource> resources,
            SubscriptionFields subscriptions,
            GraphQlSettings settings,
            JsonMapper json,
            Scheduler scheduler) {
        this.scheduler = scheduler;
        var source = GraphQlSource.schemaResourceBuilder()
                .schemaResources(SCHEMA)
                .configureRuntimeWiring(wiring -> wire(wiring, resources, subscriptions))
                .exceptionResolvers(List.of(DataFetcherExceptionResolver.forSingleError(ProblemErrors::of)))
                .configureGraphQl(builder -> builder.preparsedDocumentProvider((input, parse) ->
                        CompletableFuture.completedFuture(Documents.entry(input.getGraphQLContext()))))
                .build();
        this.graphQl = source.graphQl();
        this.service = new DefaultExecutionGraphQlService(source);
        this.documents = new Documents(source.schema(), settings.limits());
        this.persisted = PersistedDocuments.of(settings.documents(), json);
        this.introspection = settings.introspection();
    }

    private void wire(RuntimeWiring.Builder wiring, List<GraphQlResource> resources, SubscriptionFields subscriptions) {
        wiring.scalar(Scalars.DATE_TIME)
                .scalar(Scalars.LONG)
                .scalar(Scalars.JSON)
                .directive("requires", new RequiredScope());
        WIRE_ENUMS.forEach(name -> wiring.type(name, type -> type.enumValues(Engine::wireName)));
        for (var resource : resources) {
            resource.queries()
                    .forEach((name, fetcher) ->
                            field(wiring, "Query", name, SHARED_FIELDS.contains(name) ? fetcher : personal(fetcher)));
            resource.mutations().forEach((name, fetcher) -> field(wiring, "Mutation", name, personal(fetcher)));
        }
        subscriptions.fields().forEach((name, fetcher) -> field(wiring, "Subscription", name, fetcher));
    }

    private static String wireName(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void field(RuntimeWiring.Builder wiring, String type, String name, DataFetcher<?> fetcher) {
        wiring.type(type, fields -> fields.dataFetcher(name, offEventLoop(fetcher)));
    }

    /** Completes the fields of a value that has to be waited for on a thread of ours, since that takes time. */
    private DataFetcher<?> offEventLoop(DataFetcher<?> fetcher) {
        return environment -> {
            var value = fetcher.get(environment);
            return value instanceof Mono<?> awaited ? awaited.publishOn(scheduler) : value;
        };
    }

    private static DataFetcher<?> personal(DataFetcher<?> fetcher) {
        return environment -> {
            Call.of(environment).setPersonal();
            return fetcher.get(environment);
        };
    }

    /** Checks the scope that the schema names for a field. */
    private static final class RequiredScope implements SchemaDirectiveWiring {

        @Override
        public GraphQLFieldDefinition onField(SchemaDirectiveWiringEnvironment<GraphQLFieldDefinition> field) {
            String name = Objects.requireNonNull(
                    field.getAppliedDirective("requires").getArgument("scope").getValue());
            var scope = Scope.parse(name).orElseThrow();
            var subject = "The field " + field.getElement().getName();
            var fetcher = field.getFieldDataFetcher();
            return field.setFieldDataFetcher(environment -> {
                if (!Call.of(environment).requireCaller().scopes().contains(scope)) {
                    throw scope.missing(subject);
                }
                return fetcher.get(environment);
            });
        }
    }

    Documents documents() {
        return documents;
    }

    PersistedDocuments persisted() {
        return persisted;
    }

    /** Executes a document, which must be that of the call. */
    Mono<ExecutionResult> execute(Call call, DocumentRequest request) {
        var input = new DefaultExecutionGraphQlRequest(
                call.document().text(),
                request.operationName(),
                new LinkedHashMap<String, @Nullable Object>(request.variables()),
                request.extensions(),
                Long.toString(executions.incrementAndGet()),
                Locale.ENGLISH);
        input.configureExecutionInput(
                (built, builder) -> builder.graphQLContext(context(call)).build());
        return service.execute(input).map(response -> response.getExecutionResult());
    }

    /** Executes a subscription for one event, without waiting. */
    ExecutionResult select(Call call, DocumentRequest request) {
        var input = ExecutionInput.newExecutionInput(call.document().text())
                .operationName(request.operationName())
                .variables(request.variables())
                .locale(Locale.ENGLISH)
                .graphQLContext(context(call))
                .build();
        var result = graphQl.executeAsync(input).getNow(null);
        if (result != null && result.getData() instanceof Publisher<?> events) {
            var event = Mono.from(events).cast(ExecutionResult.class).toFuture().getNow(null);
            return Objects.requireNonNull(event, "The selection from an event waits for something");
        }
        return Objects.requireNonNull(result, "The selection from an event waits for something");
    }

    private Map<Object, Object> context(Call call) {
        return introspection
                ? Map.of(Call.class, call)
                : Map.of(Call.class, call, Introspection.INTROSPECTION_DISABLED, true);
    }
}
