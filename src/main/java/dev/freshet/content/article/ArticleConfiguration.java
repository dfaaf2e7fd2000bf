package dev.freshet.content.article;

import dev.freshet.platform.Periodic;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What articles do on their own, and where they are rendered. */
@Configuration(proxyBeanMethods = false)
class ArticleConfiguration {

    private static final int MAX_WAITING_TO_RENDER = 1000;
    private static final Duration FORGET_INTERVAL = Duration.ofMinutes(5);

    /** Threads for rendering, which takes too long for an event loop. To be asked for by this name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    Scheduler rendering(ArticleSettings settings) {
        return Schedulers.newBoundedElastic(settings.rendering().threads(), MAX_WAITING_TO_RENDER, "render", 60, true);
    }

    @Bean
    Periodic scheduledPublishing(Articles articles, ArticleSettings settings) {
        return new Periodic(
                "Publishing scheduled articles", settings.schedule().interval(), Mono.defer(articles::publishDue));
    }

    @Bean
    Periodic idempotencyExpiry(Idempotency idempotency, ArticleSettings settings) {
        return new Periodic(
                "Forgetting old answers",
                FORGET_INTERVAL,
                Mono.defer(() -> idempotency.forget(settings.idempotency().retention())));
    }
}
