package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.platform.problem.Problem;
import graphql.ExecutionInput;
import graphql.GraphQLContext;
import graphql.GraphQLError;
import graphql.ParseAndValidate;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.Node;
import graphql.language.NodeTraverser;
import graphql.language.NodeVisitorStub;
import graphql.language.OperationDefinition;
import graphql.parser.ParserOptions;
import graphql.schema.GraphQLSchema;
import graphql.util.TraversalControl;
import graphql.util.TraverserContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses and validates documents, each once. Thread-safe. */
final class Documents {

    /** In characters of documents. A parsed document takes some fifty times as many bytes. */
    private static final long MAX_CACHED = 500_000;

    /**
     * A parsed document.
     *
     * @param document null unless it is valid
     * @param fields the names of the fields that any of its operations selects
     * @param errors empty if it is valid
     */
    record Prepared(String text, @Nullable Document document, Set<String> fields, List<? extends GraphQLError> errors) {

        /**
         * Returns whether the document selects a field of one of these names anywhere. The library's own selection of a
         * field is exact, but takes longer to compute than most executions.
         */
        boolean selectsAnyOf(String... names) {
            return Stream.of(names).anyMatch(fields::contains);
        }

        /** Returns the operation to execute; null if the name doesn't select one, which the execution reports. */
        @Nullable
        OperationDefinition operation(@Nullable String name) {
            var operations = document == null
                    ? List.<OperationDefinition>of()
                    : document.getDefinitionsOfType(OperationDefinition.class);
            var named = name == null || name.isEmpty()
                    ? operations
                    : operations.stream()
                            .filter(operation -> name.equals(operation.getName()))
                            .toList();
            return named.size() == 1 ? named.getFirst() : null;
        }

        /** Returns whether it is a query of these root fields alone. */
        boolean queries(Set<String> roots, @Nullable String name) {
            var operation = operation(name);
            return operation != null
                    && operation.getOperation() == OperationDefinition.Operation.QUERY
                    && operation.getSelectionSet().getSelections().stream()
                            .allMatch(selection -> selection instanceof Field field && roots.contains(field.getName()));
        }

        PreparsedDocumentEntry entry() {
            return errors.isEmpty()
                    ? new PreparsedDocumentEntry(Objects.requireNonNull(document))
                    : new PreparsedDocumentEntry(errors);
        }
    }

    private final GraphQLSchema schema;
    private final GraphQlSettings.Limits limits;
    private final Cache<String, Prepared> prepared = Caffeine.newBuilder()
            .maximumWeight(MAX_CACHED)
            .<String, Prepared>weigher((text, document) -> 100 + text.length())
            .build();

    Documents(GraphQLSchema schema, GraphQlSettings.Limits limits) {
        this.schema = schema;
        this.limits = limits;
    }

    /** Returns the result of an earlier call of {@link #prepare}; null for none. */
    @Nullable
    Prepared known(String text) {
        return prepared.getIfPresent(text);
    }

    /** Parses and validates a document, or returns the result of an earlier call. Takes time: not for an event loop. */
    Prepared prepare(String text) {
        if (text.length() > limits.size()) {
            throw Problem.CONTENT_TOO_LARGE.because(
                    "The document has " + text.length() + " characters. The limit is " + limits.size() + ".");
        }
        var known = prepared.getIfPresent(text);
        if (known != null) {
            return known;
        }
        var parsed = parse(text);
        // An invalid document is rarely sent again.
        if (parsed.errors().isEmpty()) {
            prepared.put(text, parsed);
        }
        return parsed;
    }

    private Prepared parse(String text) {
        var options = ParserOptions.newParserOptions()
                .maxCharacters(limits.size())
                .maxTokens(limits.size())
                .maxWhitespaceTokens(limits.size())
                .redactTokenParserErrorMessages(true)
                .build();
        var input = ExecutionInput.newExecutionInput(text)
                .locale(Locale.ENGLISH)
                .graphQLContext(Map.of(ParserOptions.class, options))
                .build();
        var result = ParseAndValidate.parseAndValidate(schema, input);
        return result.isFailure()
                ? new Prepared(text, null, Set.of(), result.getErrors())
                : new Prepared(text, result.getDocument(), fields(result.getDocument()), List.of());
    }

    @SuppressWarnings("rawtypes") // of nodes, as the library visits them
    private static Set<String> fields(Document document) {
        var names = new HashSet<String>();
        new NodeTraverser()
                .preOrder(
                        new NodeVisitorStub() {
                            @Override
                            public TraversalControl visitField(Field field, TraverserContext<Node> context) {
                                names.add(field.getName());
                                return TraversalControl.CONTINUE;
                            }
                        },
                        document);
        return Set.copyOf(names);
    }

    /** Returns the document of an execution, which is prepared already. */
    static PreparsedDocumentEntry entry(GraphQLContext context) {
        Call call = Objects.requireNonNull(context.get(Call.class));
        return call.document().entry();
    }
}
