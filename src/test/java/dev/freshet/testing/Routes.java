package dev.freshet.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import reactor.core.publisher.Mono;

/** Routes of an instance. */
public final class Routes {

    private Routes() {}

    /** Every route of the program, as {@code METHOD /path}; those for HEAD alone are those for GET. */
    public static Set<String> of(Freshet instance) {
        var routes = new TreeSet<String>();
        instance.beans(
                RequestMappingInfoHandlerMapping.class,
                mapping -> mapping.getHandlerMethods().keySet().forEach(info -> {
                    var methods = info.getMethodsCondition().getMethods();
                    info.getPatternsCondition()
                            .getPatterns()
                            .forEach(pattern -> (methods.isEmpty()
                                            ? Stream.of("ANY")
                                            : methods.stream().map(Enum::name))
                                    .forEach(method -> routes.add(method + " " + pattern.getPatternString())));
                }));
        instance.beans(RouterFunction.class, function -> function.accept(new Functions(routes)));
        return routes;
    }

    private record Functions(Set<String> routes) implements RouterFunctions.Visitor {

        @Override
        public void startNested(RequestPredicate predicate) {}

        @Override
        public void endNested(RequestPredicate predicate) {}

        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            var found = new Predicates(new ArrayList<>(), new ArrayList<>());
            predicate.accept(found);
            found.paths()
                    .forEach(path -> found.methods().stream()
                            .filter(method -> !method.equals(HttpMethod.HEAD))
                            .forEach(method -> routes.add(method + " " + path)));
        }

        @Override
        public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
            routes.add("resources");
        }

        @Override
        public void attributes(Map<String, Object> attributes) {}

        @Override
        public void unknown(RouterFunction<?> function) {
            routes.add("unknown " + function);
        }
    }

    private record Predicates(List<HttpMethod> methods, List<String> paths) implements RequestPredicates.Visitor {

        @Override
        public void method(Set<HttpMethod> some) {
            methods.addAll(some);
        }

        @Override
        public void path(String pattern) {
            paths.add(pattern);
        }

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public void pathExtension(String extension) {}

        @Override
        public void header(String name, String value) {}

        @Override
        public void queryParam(String name, String value) {}

        @Override
        public void version(String version) {}

        @Override
        public void startAnd() {}

        @Override
        public void and() {}

        @Override
        public void endAnd() {}

        @Override
        public void startOr() {}

        @Override
        public void or() {}

        @Override
        public void endOr() {}

        @Override
        public void startNegate() {}

        @Override
        public void endNegate() {}

        @Override
        public void unknown(RequestPredicate predicate) {}
    }
}
