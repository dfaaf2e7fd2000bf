package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a list that a document can request.
 *
 * @param byDefault the size without an argument
 * @param max the maximum size
 */
record ListSize(int byDefault, int max) {

    private static final Map<String, ListSize> OF_FIELDS = Map.of(
            "articles", new ListSize(20, 200),
            "feeds", new ListSize(100, 1000),
            "accounts", new ListSize(100, 100),
            "subscriptions", new ListSize(100, 100),
            "sources", new ListSize(100, 100),
            "rejectedEvents", new ListSize(100, 100),
            "streams", new ListSize(100, 1000));

    /** Returns the sizes of a field by its name; null if it is no such list. */
    static @Nullable ListSize of(String field) {
        return OF_FIELDS.get(field);
    }

    /** Returns the argument {@code first} of a list, or throws the problem that it is not a valid size. */
    static int first(DataFetchingEnvironment environment) {
        var sizes = OF_FIELDS.get(environment.getField().getName());
        Integer first = environment.getArgument("first");
        if (sizes == null || first == null) {
            return sizes == null ? 1 : sizes.byDefault();
        }
        return sizes.check("first", first);
    }

    /** Returns a size that an argument requests, or throws the problem that it is not valid. */
    int check(String argument, int size) {
        if (size < 1 || size > max) {
            throw Problem.INVALID_REQUEST.because(argument + " must be from 1 to " + max + ".");
        }
        return size;
    }
}
