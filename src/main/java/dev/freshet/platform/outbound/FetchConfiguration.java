package dev.freshet.platform.outbound;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** Creates the clients for addresses that users name. */
@Configuration(proxyBeanMethods = false)
class FetchConfiguration {

    @Bean
    Fetcher fetcher(FetchSettings settings, CheckedResolverGroup checkedResolvers, ReactorResourceFactory resources) {
        return new Fetcher(settings, checkedResolvers, resources::getLoopResources);
    }

    @Bean
    DocumentFetcher documentFetcher(
            FetchSettings settings, CheckedResolverGroup checkedResolvers, ReactorResourceFactory resources) {
        return new DocumentFetcher(settings, checkedResolvers, resources::getLoopResources);
    }

    @Bean
    Poster poster(CheckedResolverGroup checkedResolvers, ReactorResourceFactory resources) {
        return new Poster(checkedResolvers, resources::getLoopResources);
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
