package dev.freshet.graphql;

import dev.freshet.read.page.PageObjects;
import dev.freshet.stream.FeedStreams;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
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
    RouterFunction<ServerResponse> graphQlRoute(
            List<GraphQlResource> resources,
            SubscriptionFields subscriptions,
            PageObjects pages,
            FeedStreams streams,
            GraphQlSettings settings,
            JsonMapper json,
            @Qualifier("graphQlScheduler") Scheduler scheduler) {
        var engine = Mono.fromCallable(() -> new Engine(resources, subscriptions, settings, json))
                .subscribeOn(scheduler)
                .cache();
        var handler = new GraphQlHandler(
                engine,
                scheduler,
                new ResponseCache(pages, settings.memory().toBytes()),
                new EventStreams(streams, json, settings.memory().toBytes()),
                settings,
                json);
        return RouterFunctions.route(RequestPredicates.GET(PATH), handler::get)
                .andRoute(RequestPredicates.POST(PATH), handler::post)
                .andRoute(RequestPredicates.GET(SCHEMA_PATH), GraphQlConfiguration::schema)
                .andRoute(
                        RequestPredicates.path(PATH)
                                .and(RequestPredicates.methods(HttpMethod.GET, HttpMethod.POST)
                                        .negate()),
                        GraphQlHandler::reportMethods);
    }

    @Bean
    @ConditionalOnBooleanProperty("freshet.graphql.graphiql")
    RouterFunction<ServerResponse> graphiqlRoute(@Qualifier("graphQlScheduler") Scheduler scheduler) {
        return new Graphiql(scheduler).route();
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
