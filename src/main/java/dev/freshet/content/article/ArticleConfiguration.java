package dev.freshet.content.article;

import dev.freshet.platform.Periodic;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Configures background tasks of articles and the rendering threads. */
@Configuration(proxyBeanMethods = false)
class ArticleConfiguration {

    private static final int RENDER_QUEUE_SIZE = 1000;
    private static final Duration REWRITE_INTERVAL = Duration.ofSeconds(2);
    private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(5);

    /** Threads for rendering, which takes too long for an event loop. Inject it by name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    Scheduler rendering(ArticleSettings settings) {
        return Schedulers.newBoundedElastic(settings.rendering().threads(), RENDER_QUEUE_SIZE, "render", 60, true);
    }

    @Bean
    Periodic scheduledPublishing(Articles articles, ArticleSettings settings) {
        return new Periodic(
                "Publication of scheduled articles",
                settings.schedule().interval(),
                Mono.defer(articles::publishInTime));
    }

    @Bean
    Periodic searchRewriting(SearchRewrite rewrite) {
        return new Periodic("Rewriting words for searches", REWRITE_INTERVAL, Mono.defer(rewrite::run));
    }

    @Bean
    Periodic idempotencyExpiry(Idempotency idempotency, ArticleSettings settings) {
        return new Periodic(
                "Deletion of old idempotency keys",
                EXPIRY_INTERVAL,
                Mono.defer(
                        () -> idempotency.deleteOlderThan(settings.idempotency().retention())));
    }
}
