package dev.freshet.platform.http;

import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The query parameters of an operation, as its description declares them.
 *
 * @param repeatable whether each parameter may be repeated, by its name
 */
public record DeclaredParameters(Map<String, Boolean> repeatable) {

    /** Reads the parameters of a router function from its {@link RouterOperation}, which must be there. */
    public static DeclaredParameters of(AnnotatedElement described) {
        return of(Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(described, RouterOperation.class)));
    }

    static DeclaredParameters of(RouterOperation described) {
        var repeatable = new TreeMap<String, Boolean>();
        for (var parameter : described.operation().parameters()) {
            if (parameter.in() == ParameterIn.QUERY) {
                repeatable.put(parameter.name(), parameter.array().maxItems() > 0);
            }
        }
        return new DeclaredParameters(repeatable);
    }

    /** Reads the parameters of a controller's method. */
    static DeclaredParameters of(Method method) {
        var repeatable = new TreeMap<String, Boolean>();
        Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
                .forEach(parameter ->
                        repeatable.put(parameter.getName(), Collection.class.isAssignableFrom(parameter.getType())));
        return new DeclaredParameters(repeatable);
    }

    /** Throws the problem of the first parameter that is unknown, or repeated though it has one value. */
    public void check(MultiValueMap<String, String> parameters) {
        parameters.forEach((name, values) -> {
            var mayRepeat = repeatable.get(name);
            if (mayRepeat == null) {
                throw Problem.INVALID_REQUEST.because("Unknown parameter: " + shortened(name) + ". "
                        + (repeatable.isEmpty()
                                ? "This resource has no parameters."
                                : "Known parameters: " + String.join(", ", repeatable.keySet()) + "."));
            }
            if (values.size() > 1 && !mayRepeat) {
                throw Problem.INVALID_REQUEST.because("The parameter " + name + " is repeated. Send it once.");
            }
        });
    }

    private static String shortened(String name) {
        return name.length() > 50 ? name.substring(0, 50) + "…" : name;
    }
}
