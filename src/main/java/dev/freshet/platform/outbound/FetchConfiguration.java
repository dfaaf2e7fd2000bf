package dev.freshet.platform.outbound;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** Creates the clients for addresses that users name. */
@Configuration(proxyBeanMethods = false)
class FetchConfiguration {

    private static final int THREADS = 4;
    private static final int MAX_WAITING = 1000;
    private static final int IDLE_SECONDS = 60;

    @Bean
    Fetcher fetcher(FetchSettings settings, OutboundResources outboundResources) {
        return new Fetcher(settings, outboundResources);
    }

    @Bean
    DocumentFetcher documentFetcher(FetchSettings settings, OutboundResources outboundResources) {
        return new DocumentFetcher(settings, outboundResources);
    }

    @Bean
    Poster poster(OutboundResources outboundResources) {
        return new Poster(outboundResources);
    }

    @Bean
    OutboundResources outboundResources(
            CheckedResolverGroup checkedResolvers,
            ReactorResourceFactory resources,
            @Qualifier("outboundThreads") Scheduler outboundThreads) {
        return new OutboundResources(checkedResolvers, resources::getLoopResources, outboundThreads);
    }

    /** Threads for the preparation of requests. Inject it by name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    Scheduler outboundThreads() {
        return Schedulers.newBoundedElastic(THREADS, MAX_WAITING, "outbound", IDLE_SECONDS, true);
    }

    @Bean(destroyMethod = "close")
    CheckedResolverGroup checkedResolvers(FetchSettings settings, ReactorResourceFactory resources) {
        return new CheckedResolverGroup(
                () -> NameResolverProvider.builder()
                        .build()
                        .newNameResolverGroup(resources.getLoopResources(), LoopResources.DEFAULT_NATIVE),
                new Targets(settings.allow()));
    }
}
