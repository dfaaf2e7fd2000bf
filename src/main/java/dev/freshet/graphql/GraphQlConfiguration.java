package dev.freshet.graphql;

import dev.freshet.identity.signin.BrowserSessions;
import dev.freshet.limit.ClientRates;
import dev.freshet.limit.EdgeRules;
import dev.freshet.platform.http.RequestTimers;
import dev.freshet.read.page.PageObjects;
import dev.freshet.stream.FeedStreams;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Routes {@code /graphql}. The engine is built by the first request. */
@Configuration(proxyBeanMethods = false)
class GraphQlConfiguration {

    private static final String PATH = "/graphql";
    private static final String SCHEMA_PATH = PATH + "/schema";

    private static final int MAX_WAITING = 1000;

    /** Executes documents. Beyond its queue, requests fail as on an overloaded server. */
    @Bean(destroyMethod = "dispose")
    Scheduler graphQlScheduler() {
        return Schedulers.newBoundedElastic(
                Runtime.getRuntime().availableProcessors(), MAX_WAITING, "graphql", 60, true);
    }

    @Bean
    Operations graphQlOperations(
            List<GraphQlResource> resources,
            SubscriptionFields subscriptions,
            ResponseCache responses,
            GraphQlSettings settings,
            JsonMapper json,
            @Qualifier("graphQlScheduler") Scheduler scheduler) {
        var engine = Mono.fromCallable(() -> new Engine(resources, subscriptions, settings, json, scheduler))
                .subscribeOn(scheduler)
                .cache();
        var events = new ResultEncoder(json, settings.limits().event());
        return new Operations(
                engine,
                scheduler,
                responses,
                new EventStreams(events, json, settings.memory().toBytes()),
                settings.limits(),
                new ResultEncoder(json, settings.limits().response()),
                json);
    }

    @Bean
    ResponseCache graphQlResponses(PageObjects pages, GraphQlSettings settings) {
        return new ResponseCache(pages, settings.memory().toBytes());
    }

    @Bean
    PublicQueryRoute publicQueryRoute(
            Operations operations,
            ResponseCache responses,
            GraphQlSettings settings,
            EdgeRules rules,
            RequestTimers timers,
            JsonMapper json) {
        return new PublicQueryRoute(operations, responses, settings.memory().toBytes(), rules, timers, json);
    }

    @Bean
    Sockets graphQlSockets(
            Operations operations,
            FeedStreams streams,
            ClientRates rates,
            ReactiveAuthenticationManager bearers,
            BrowserSessions sessions,
            GraphQlSettings settings,
            JsonMapper json) {
        return new Sockets(new SocketServices(
                operations, streams, rates, new SocketAuthentication(bearers, sessions), settings.socket(), json));
    }

    @Bean
    RouterFunction<ServerResponse> graphQlRoute(
            Operations operations, PublicQueryRoute fastPath, Sockets sockets, FeedStreams streams, JsonMapper json) {
        var handler = new GraphQlHandler(operations, fastPath, streams, json);
        return RouterFunctions.route(RequestPredicates.GET(PATH).and(Sockets::isUpgrade), sockets::upgrade)
                .andRoute(RequestPredicates.GET(PATH), handler::get)
                .andRoute(RequestPredicates.POST(PATH), handler::post)
                .andRoute(RequestPredicates.GET(SCHEMA_PATH), GraphQlConfiguration::schema)
                .andRoute(
                        RequestPredicates.path(PATH)
                                .and(RequestPredicates.methods(HttpMethod.GET, HttpMethod.POST)
                                        .negate()),
                        GraphQlHandler::reportMethods);
    }

    @Bean
    RouterFunction<ServerResponse> graphiqlRoute(
            GraphQlSettings settings, @Qualifier("graphQlScheduler") Scheduler scheduler) {
        return settings.graphiql()
                ? new Graphiql(scheduler).route()
                : RouterFunctions.route(
                        request -> false, request -> ServerResponse.notFound().build());
    }

    private static Mono<ServerResponse> schema(ServerRequest request) {
        return Mono.fromCallable(() -> Engine.SCHEMA.getContentAsByteArray())
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(bytes -> Responses.body(
                        ServerResponse.ok()
                                .header(HttpHeaders.CONTENT_TYPE, "application/graphql;charset=utf-8")
                                .header(HttpHeaders.CACHE_CONTROL, "no-cache"),
                        bytes));
    }
}
