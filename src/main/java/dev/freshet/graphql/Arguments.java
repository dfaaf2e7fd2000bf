package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of a field. Their types are those of the schema. */
final class Arguments {

    private Arguments() {}

    /** Returns a text that the schema requires. */
    static String text(DataFetchingEnvironment environment, String name) {
        return Objects.requireNonNull(environment.getArgument(name));
    }

    /** Returns an input object that the schema requires. An absent field stays absent, and a null stays null. */
    static Map<String, @Nullable Object> object(DataFetchingEnvironment environment, String name) {
        return Objects.requireNonNull(environment.getArgument(name));
    }

    /** Returns an argument, or a default where it is absent or null. */
    static <T> T optional(DataFetchingEnvironment environment, String name, T byDefault) {
        T value = environment.getArgument(name);
        return value == null ? byDefault : value;
    }

    /** Returns the argument {@code id}. A text that is no UUID names nothing, which is the problem. */
    static UUID id(DataFetchingEnvironment environment, Problem absent) {
        var id = uuid(text(environment, "id"));
        if (id == null) {
            throw absent.because("Nothing has this id: it is not a UUID.");
        }
        return id;
    }

    /** Returns the argument {@code after} of a list whose cursors are ids; null for the first page. */
    static @Nullable UUID after(DataFetchingEnvironment environment) {
        String after = environment.getArgument("after");
        if (after == null) {
            return null;
        }
        var id = uuid(after);
        if (id == null) {
            throw Problem.INVALID_PAGE_KEY.because("after is invalid. Use the cursor of an edge or the end of a page.");
        }
        return id;
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
