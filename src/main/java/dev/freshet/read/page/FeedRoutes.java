package dev.freshet.read.page;

import dev.freshet.feed.FeedEndpoint;
import dev.freshet.limit.EdgeRules;
import dev.freshet.log.tail.Follower;
import dev.freshet.platform.Build;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.problem.ProblemHandler;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisOperations;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Serves feeds as pages. */
@Configuration(proxyBeanMethods = false)
class FeedRoutes {

    @FeedOperation
    @Bean
    RouterFunction<ServerResponse> feedRoute(FeedEndpoint endpoint) {
        return endpoint.route();
    }

    @DirectoryOperation
    @Bean
    RouterFunction<ServerResponse> feedDirectoryRoute(PageHandler pages) {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(DirectoryQuery.PATH)),
                pages::handleDirectory);
    }

    @Bean
    LastChanges lastChanges(PageSettings settings) {
        return new LastChanges(settings.feeds());
    }

    @Bean
    PageHandler pageHandler(
            FeedPages store,
            FeedDirectory directory,
            DirectoryRenderer directories,
            ObjectProvider<ReactiveRedisConnectionFactory> redis,
            LastChanges changes,
            Follower follower,
            PageSettings settings,
            CdnSettings delivery,
            List<PageRenderer> renderers,
            MeterRegistry meters,
            Build build) {
        var version = build.id();
        var connections = redis.getIfAvailable();
        var shared = connections == null ? null : new SharedPages(bytes(connections), settings, version);
        var reader = new PageReader(store, directory, directories, renderers);
        var pages = new CachedPages(reader, shared, changes, follower::silence, settings, meters);
        return new PageHandler(pages, settings, delivery, version);
    }

    @Bean
    CachedPageRoute cachedPageRoute(PageHandler pages, EdgeRules rules, ProblemHandler problems, MeterRegistry meters) {
        return new CachedPageRoute(
                new PublicPageRequests(pages, rules), pages, rules, problems, new PageTimers(meters));
    }

    private static ReactiveRedisOperations<String, byte[]> bytes(ReactiveRedisConnectionFactory connections) {
        return new ReactiveRedisTemplate<>(
                connections,
                RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
                        .value(RedisSerializer.byteArray())
                        .build());
    }
}
