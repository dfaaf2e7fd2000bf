package dev.freshet.delivery.websub;

import dev.freshet.delivery.ExternalSubscriptions;
import dev.freshet.platform.outbound.Poster;
import dev.freshet.read.page.FeedDocuments;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the hub if this server is one. */
@Configuration(proxyBeanMethods = false)
class WebSubConfiguration {

    @Bean
    @ConditionalOnProperty("freshet.syndication.own-hub")
    Hub hub(FeedDocuments documents, ExternalSubscriptions subscriptions, Poster poster, WebSubSettings settings) {
        return new Hub(documents, subscriptions, poster, settings);
    }
}
