package dev.freshet.delivery.websub;

import dev.freshet.delivery.ExternalSubscriptions;
import dev.freshet.platform.outbound.Poster;
import dev.freshet.read.page.FeedDocuments;
import dev.freshet.read.page.SyndicationSettings;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the hub, which serves only if this server is one. */
@Configuration(proxyBeanMethods = false)
class WebSubConfiguration {

    @Bean
    Hub hub(FeedDocuments documents, ExternalSubscriptions subscriptions, Poster poster, WebSubSettings settings) {
        return new Hub(documents, subscriptions, poster, settings);
    }

    /** Describes the hub only if this server is one. */
    @Bean
    OpenApiCustomizer hubDescription(SyndicationSettings syndication) {
        return description -> {
            if (!syndication.ownHub()) {
                description.getPaths().remove(FeedDocuments.HUB_PATH);
            }
        };
    }
}
