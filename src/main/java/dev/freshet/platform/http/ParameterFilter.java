package dev.freshet.platform.http;

import java.util.ArrayList;
import java.util.List;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Refuses unknown and repeated query parameters of the API: a misspelled filter would select everything. The operations
 * and their parameters are those of the API's description. Pages for readers ignore what other sites append.
 */
@Component
class ParameterFilter implements WebFilter, SmartInitializingSingleton {

    private static final String API = "/api/";

    private record Operation(HttpMethod method, PathPattern path, DeclaredParameters parameters) {

        boolean matches(HttpMethod requested, PathContainer requestedPath) {
            var isMethod =
                    method.equals(requested) || (HttpMethod.HEAD.equals(requested) && HttpMethod.GET.equals(method));
            return isMethod && path.matches(requestedPath);
        }
    }

    private final ApplicationContext context;
    private final RequestMappingHandlerMapping controllers;
    private volatile List<Operation> operations = List.of();

    ParameterFilter(
            ApplicationContext context,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping controllers) {
        this.context = context;
        this.controllers = controllers;
    }

    @Override
    public void afterSingletonsInstantiated() {
        var found = new ArrayList<Operation>();
        for (var bean : context.getBeanNamesForAnnotation(RouterOperation.class)) {
            var described = context.findAnnotationOnBean(bean, RouterOperation.class);
            if (described != null) {
                for (var method : described.method()) {
                    found.add(new Operation(
                            method.asHttpMethod(),
                            PathPatternParser.defaultInstance.parse(described.path()),
                            DeclaredParameters.of(described)));
                }
            }
        }
        controllers.getHandlerMethods().forEach((mapping, handler) -> {
            var parameters = DeclaredParameters.of(handler.getMethod());
            for (var method : mapping.getMethodsCondition().getMethods()) {
                mapping.getPatternsCondition().getPatterns().stream()
                        .filter(pattern -> pattern.getPatternString().startsWith(API))
                        .forEach(pattern -> found.add(new Operation(method.asHttpMethod(), pattern, parameters)));
            }
        });
        operations = List.copyOf(found);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        if (request.getURI().getRawQuery() != null) {
            var path = request.getPath().pathWithinApplication();
            operations.stream()
                    .filter(operation -> operation.matches(request.getMethod(), path))
                    .findFirst()
                    .ifPresent(operation -> operation.parameters().check(request.getQueryParams()));
        }
        return chain.filter(exchange);
    }
}
