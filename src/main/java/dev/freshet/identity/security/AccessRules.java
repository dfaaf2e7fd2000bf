package dev.freshet.identity.security;

import dev.freshet.identity.account.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The credential that the method and path of a request require. The filter chain, its errors and the API description are
 * derived from this list. Two rules are elsewhere: the parameter {@code following=true} is checked when a feed is parsed,
 * and the articles that a caller may see and change depend on the article.
 */
@Component
final class AccessRules {

    /** The credential that a request requires. */
    sealed interface Access {

        /** None. An invalid credential is refused anyway. */
        record Anonymous() implements Access {}

        /** Any valid one. */
        record Authenticated() implements Access {}

        /** One with this scope. */
        record Scoped(Scope scope) implements Access {}
    }

    private record Rule(ServerWebExchangeMatcher requests, Access access) {}

    private static final Access ANONYMOUS = new Access.Anonymous();
    private static final Access AUTHENTICATED = new Access.Authenticated();
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Set<HttpMethod> ANY_METHOD = Set.of();

    /** The first rule that matches a request applies. Not static, since matchers of endpoints belong to one instance. */
    private final List<Rule> rules = List.of(
            new Rule(EndpointRequest.to("health", "info"), ANONYMOUS),
            new Rule(EndpointRequest.toAnyEndpoint(), new Access.Scoped(Scope.OPS)),
            rule(new Access.Scoped(Scope.OPS), "/api/v1/streams/**"),
            rule(new Access.Scoped(Scope.ACCOUNTS_MANAGE), "/api/v1/accounts/**"),
            rule(
                    new Access.Scoped(Scope.ACCOUNT),
                    "/api/v1/tokens/**",
                    "/api/v1/account/**",
                    "/api/v1/following/**",
                    "/api/v1/muted/**",
                    "/api/v1/subscriptions/**"),
            rule(new Access.Scoped(Scope.ARTICLES_READ), "/api/v1/stream-tickets"),
            rule(new Access.Scoped(Scope.ARTICLES_WRITE), "/api/v1/sources/**"),
            rule(ANONYMOUS, Set.of(HttpMethod.POST), "/api/v1/session"),
            rule(AUTHENTICATED, "/api/v1/session"),
            rule(ANONYMOUS, "/api/v1/session/refresh", "/api/v1/sign-up", "/api/v1/password-resets"),
            rule(ANONYMOUS, READS, "/**"),
            rule(new Access.Scoped(Scope.ARTICLES_WRITE), "/api/**"),
            rule(ANONYMOUS, "/**"));

    /** Configures the filter chain. */
    void configure(AuthorizeExchangeSpec spec) {
        for (var rule : rules) {
            var requests = spec.matchers(rule.requests());
            switch (rule.access()) {
                case Access.Anonymous anonymous -> requests.permitAll();
                case Access.Authenticated authenticated -> requests.authenticated();
                case Access.Scoped scoped ->
                    requests.hasAuthority(scoped.scope().authority());
            }
        }
    }

    /** Returns the scope that a request requires; empty if it requires none. */
    Mono<Scope> requiredScope(ServerWebExchange exchange) {
        return Flux.fromIterable(rules)
                .filterWhen(
                        rule -> rule.requests().matches(exchange).map(ServerWebExchangeMatcher.MatchResult::isMatch))
                .next()
                .map(Rule::access)
                .ofType(Access.Scoped.class)
                .map(Access.Scoped::scope);
    }

    /** Returns the access to a resource outside of the actuator. */
    Access of(HttpMethod method, String path) {
        var parsed = PathContainer.parsePath(path);
        return rules.stream()
                .flatMap(rule -> rule.requests() instanceof PathRequests requests && requests.include(method, parsed)
                        ? Stream.of(rule.access())
                        : Stream.empty())
                .findFirst()
                .orElseThrow();
    }

    private static Rule rule(Access access, String... patterns) {
        return rule(access, ANY_METHOD, patterns);
    }

    private static Rule rule(Access access, Set<HttpMethod> methods, String... patterns) {
        return new Rule(
                new PathRequests(
                        methods,
                        Stream.of(patterns)
                                .map(PathPatternParser.defaultInstance::parse)
                                .toList()),
                access);
    }

    /** @param methods empty for any */
    private record PathRequests(Set<HttpMethod> methods, List<PathPattern> patterns)
            implements ServerWebExchangeMatcher {

        boolean include(HttpMethod method, PathContainer path) {
            return (methods.isEmpty() || methods.contains(method))
                    && patterns.stream().anyMatch(pattern -> pattern.matches(path));
        }

        @Override
        public Mono<MatchResult> matches(ServerWebExchange exchange) {
            var request = exchange.getRequest();
            return include(request.getMethod(), request.getPath().pathWithinApplication())
                    ? MatchResult.match()
                    : MatchResult.notMatch();
        }
    }
}
