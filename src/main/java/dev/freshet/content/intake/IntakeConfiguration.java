package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleImport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Gives imports their threads: as many as there are processors, so that many imports wait for each other. */
@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

    private static final int MOST_WAITING = 1000;
    private static final int IDLE_SECONDS = 60;

    /** Reads documents and HTML. The libraries load classes and resources, so these threads may block. */
    @Bean(destroyMethod = "dispose")
    Scheduler importReaders() {
        return Schedulers.newBoundedElastic(
                Runtime.getRuntime().availableProcessors(), MOST_WAITING, "intake", IDLE_SECONDS, true);
    }

    @Bean
    Importer importer(ArticleImport articles, ImportProperties properties, Scheduler importReaders) {
        var batches = new TimedBatches(
                properties.batchEntries(),
                properties.batchSize().toBytes(),
                properties.batchWait(),
                Schedulers.parallel());
        return new Importer(articles, batches, importReaders, properties.rejectionLimit());
    }
}
