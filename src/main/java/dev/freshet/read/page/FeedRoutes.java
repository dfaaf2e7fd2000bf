package dev.freshet.read.page;

import dev.freshet.feed.FeedEndpoint;
import dev.freshet.feed.FeedSettings;
import dev.freshet.feed.SearchAddress;
import dev.freshet.limit.EdgeRules;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.tail.Follower;
import dev.freshet.platform.Build;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.http.DeclaredParameters;
import dev.freshet.platform.http.RequestTimers;
import dev.freshet.platform.store.RedisBytes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
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

    /** The parameters of a feed in every representation. */
    @Bean
    DeclaredParameters feedParameters() {
        return PublicPageRequests.DECLARED;
    }

    @DirectoryOperation
    @Bean
    RouterFunction<ServerResponse> feedDirectoryRoute(PageHandler pages) {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(DirectoryQuery.PATH)),
                pages::respondWithDirectory);
    }

    @FollowingOperations.Export
    @Bean
    RouterFunction<ServerResponse> followingExportRoute(FollowingDocuments following) {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(FollowingDocuments.OPML_PATH)),
                following::respondWithOpml);
    }

    @FollowingOperations.Read
    @Bean
    RouterFunction<ServerResponse> savedSearchRoute(FollowingDocuments following) {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(SearchAddress.PATH)),
                following::respondWithSearch);
    }

    @Bean
    LastChanges lastChanges(PageSettings settings) {
        return new LastChanges(settings.feeds());
    }

    @Bean
    PageRequestParser pageRequestParser(PageSettings settings) {
        return new PageRequestParser(settings.publicUrl());
    }

    @Bean
    PageReader pageReader(
            FeedPages pages,
            FeedDirectory directory,
            DirectoryRenderer directoryRenderer,
            List<PageRenderer> pageRenderers) {
        return new PageReader(pages, directory, directoryRenderer, pageRenderers);
    }

    @Bean
    CachedPages cachedPages(
            PageReader reader,
            ObjectProvider<ReactiveRedisConnectionFactory> redis,
            PageValidity validity,
            PageSettings settings,
            MeterRegistry registry,
            Build build) {
        var connections = redis.getIfAvailable();
        var shared =
                connections == null ? null : new SharedPages(RedisBytes.operations(connections), settings, build.id());
        var local = new LocalPages(settings, registry);
        var meters = new PageMeters(registry);
        return new CachedPages(local, new PageLoader(reader, shared, local, validity, meters), validity, meters);
    }

    @Bean
    PageValidity pageValidity(LastChanges changes, Follower follower) {
        return new PageValidity(changes, follower::silence);
    }

    @Bean
    FeedDeltas feedDeltas(FeedLog feedLog, PageReader reader) {
        return new FeedDeltas(feedLog, reader);
    }

    @Bean
    PageResponder pageResponder(
            CachedPages pages, FeedDeltas deltas, CdnSettings cdn, SyndicationSettings syndication, Build build) {
        return new PageResponder(pages, new PageHeaders(cdn, syndication, build.id()), deltas);
    }

    @Bean
    PageHandler pageHandler(
            PageRequestParser parser, PageResponder responder, FeedSettings settings, PageReader reader) {
        return new PageHandler(parser, responder, settings, reader.representations());
    }

    @Bean
    FeedDocuments feedDocuments(PageRequestParser parser, CachedPages pages, FeedSettings settings) {
        return new FeedDocuments(parser, pages, settings);
    }

    @Bean
    CachedPageRoute cachedPageRoute(
            PageRequestParser parser,
            PageResponder responder,
            EdgeRules rules,
            FeedSettings settings,
            RequestTimers timers) {
        return new CachedPageRoute(new PublicPageRequests(parser, rules, settings), responder, rules, timers);
    }
}
