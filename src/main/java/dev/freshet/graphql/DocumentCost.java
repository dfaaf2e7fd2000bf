package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.SelectionSet;
import graphql.language.VariableReference;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures a valid document before its execution. Each fragment is measured once, and counts as often as it is used. So the
 * time is proportional to the length of the document, however its fragments multiply.
 */
@SuppressWarnings("rawtypes") // of selections, as the library returns them
final class DocumentCost {

    /**
     * A part of a document.
     *
     * @param depth nesting depth of its fields
     * @param complexity number of values in its response
     */
    private record Measure(long depth, long aliases, long fields, long complexity) {

        static final Measure NONE = new Measure(0, 0, 0, 0);

        Measure and(Measure other) {
            return new Measure(
                    Math.max(depth, other.depth),
                    sum(aliases, other.aliases),
                    sum(fields, other.fields),
                    sum(complexity, other.complexity));
        }

        private static long sum(long a, long b) {
            return Math.min(MAX, a + b);
        }
    }

    private static final long MAX = 1_000_000_000;
    private final Document document;
    private final Map<String, @Nullable Object> variables;
    private final Map<String, Measure> fragments = new HashMap<>();

    private DocumentCost(Document document, Map<String, @Nullable Object> variables) {
        this.document = document;
        this.variables = variables;
    }

    /**
     * Returns the problem of an operation that exceeds a limit; null for none.
     *
     * @param variables as the client sent them
     */
    static @Nullable ProblemException check(
            Document document,
            OperationDefinition operation,
            Map<String, Object> variables,
            GraphQlSettings.Limits limits) {
        var isMutation = operation.getOperation() == OperationDefinition.Operation.MUTATION;
        var cost = new DocumentCost(document, defaults(operation, variables));
        var measure = cost.measure(operation.getSelectionSet());
        if (isMutation && cost.roots(operation.getSelectionSet()) > 1) {
            return Problem.INVALID_REQUEST.because(
                    "A mutation has one field at most. Send one request for each change.");
        }
        var excess = excess("a depth", measure.depth(), limits.depth());
        excess = excess == null ? excess("aliases", measure.aliases(), limits.aliases()) : excess;
        excess = excess == null ? excess("fields", measure.fields(), limits.fields()) : excess;
        return excess == null ? excess("a complexity", measure.complexity(), limits.complexity()) : excess;
    }

    private static @Nullable ProblemException excess(String name, long value, long limit) {
        return value <= limit
                ? null
                : Problem.INVALID_REQUEST.because("The document has " + name + " of "
                        + (value >= MAX ? "more than " + (MAX - 1) : value) + ". The limit is " + limit
                        + ". Select less, or use several requests.");
    }

    private static Map<String, @Nullable Object> defaults(
            OperationDefinition operation, Map<String, Object> variables) {
        var all = new HashMap<String, @Nullable Object>();
        for (var definition : operation.getVariableDefinitions()) {
            if (definition.getDefaultValue() instanceof IntValue number) {
                all.put(definition.getName(), number.getValue());
            }
        }
        all.putAll(variables);
        return all;
    }

    private long roots(SelectionSet selections) {
        var roots = 0L;
        for (var selection : selections.getSelections()) {
            roots += switch (selection) {
                case InlineFragment inline -> roots(inline.getSelectionSet());
                case FragmentSpread spread -> spread(spread).fields();
                default -> 1;
            };
        }
        return roots;
    }

    private Measure measure(@Nullable SelectionSet selections) {
        var sum = Measure.NONE;
        if (selections != null) {
            for (var selection : selections.getSelections()) {
                sum = sum.and(
                        switch (selection) {
                            case Field field -> field(field);
                            case InlineFragment inline -> measure(inline.getSelectionSet());
                            case FragmentSpread spread -> spread(spread);
                            default -> Measure.NONE;
                        });
            }
        }
        return sum;
    }

    private Measure spread(FragmentSpread spread) {
        var known = fragments.get(spread.getName());
        if (known != null) {
            return known;
        }
        var definition = document.getDefinitionsOfType(FragmentDefinition.class).stream()
                .filter(fragment -> fragment.getName().equals(spread.getName()))
                .findFirst();
        var measured =
                definition.map(fragment -> measure(fragment.getSelectionSet())).orElse(Measure.NONE);
        fragments.put(spread.getName(), measured);
        return measured;
    }

    private Measure field(Field field) {
        var below = measure(field.getSelectionSet());
        return new Measure(
                below.depth() + 1,
                Math.min(MAX, below.aliases() + (field.getAlias() == null ? 0 : 1)),
                Math.min(MAX, below.fields() + 1),
                Math.min(MAX, 1 + size(field) * below.complexity()));
    }

    private long size(Field field) {
        var sizes = ListSize.of(field.getName());
        if (sizes == null || field.getSelectionSet() == null) {
            return 1;
        }
        var size = (long) sizes.byDefault();
        for (var argument : List.copyOf(field.getArguments())) {
            if (argument.getName().equals("first") || argument.getName().equals("last")) {
                size = switch (argument.getValue()) {
                    case IntValue number -> clamp(number.getValue(), sizes.max());
                    case VariableReference reference -> clamp(variables.get(reference.getName()), size, sizes.max());
                    default -> size;
                };
            }
        }
        return size;
    }

    private static long clamp(@Nullable Object value, long byDefault, long max) {
        if (value instanceof BigInteger number) {
            return clamp(number, max);
        }
        return value instanceof Number number ? Math.clamp(number.longValue(), 1, max) : byDefault;
    }

    private static long clamp(BigInteger number, long max) {
        return number.bitLength() < Long.SIZE ? Math.clamp(number.longValue(), 1, max) : max;
    }
}
